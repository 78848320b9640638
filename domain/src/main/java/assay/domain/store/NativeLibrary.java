package assay.domain.store;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/// SQLite's native library, unpacked once instead of at each start: unpacking costs more than all
/// else of a cold start.
public final class NativeLibrary {
    private NativeLibrary() {}

    /// Makes the driver load the library from a folder, unpacking it there first if need be. Where
    /// that cannot be done the driver unpacks it for itself. To be called before the first
    /// connection.
    public static void keepIn(Path cache) {
        var name = LibraryLoaderUtil.getNativeLibName();
        var folder = cache.resolve(driver() + "-" + System.getProperty("os.arch", ""));
        var library = folder.resolve(name);
        try {
            if (!Files.isRegularFile(library)) {
                unpack(folder, library, name);
            }
            System.setProperty("org.sqlite.lib.path", folder.toString());
            System.setProperty("org.sqlite.lib.name", name);
            // The driver looks through the folder for copies that it has left behind.
            System.setProperty("org.sqlite.tmpdir", folder.toString());
        } catch (IOException noCache) {
            System.getLogger("assay.store")
                    .log(Level.DEBUG, "no cache for the native library", noCache);
        }
    }

    /// The name of the driver's jar, which has the version in it. The driver would open the jar to
    /// tell.
    private static String driver() {
        var jar = SQLiteJDBCLoader.class.getProtectionDomain().getCodeSource().getLocation();
        var path = jar.getPath();
        return path.substring(path.lastIndexOf('/') + 1).replace(".jar", "");
    }

    private static void unpack(Path folder, Path library, String name) throws IOException {
        Files.createDirectories(folder);
        var inside = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
        var unfinished = Files.createTempFile(folder, name, ".part");
        try (var in = SQLiteJDBCLoader.class.getResourceAsStream(inside)) {
            if (in == null) {
                throw new IOException("the driver has no library at " + inside);
            }
            Files.copy(in, unfinished, StandardCopyOption.REPLACE_EXISTING);
            Files.move(unfinished, library, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
