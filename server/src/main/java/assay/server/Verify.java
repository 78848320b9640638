package assay.server;

import assay.domain.Caller;
import assay.domain.JsonTree;
import assay.domain.experiment.Certificate;
import assay.domain.store.DataFolder;
import assay.domain.work.Verification;
import assay.server.cli.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// `assay verify FILE|-`: draws the conclusion that a certificate is about again.
record Verify(DataFolder folder, Caller caller) {
    /// The exit code for data that are not those that the conclusion was drawn from.
    static final int DATA_CHANGED = 3;

    /// The exit code for other numbers from the same data.
    static final int NUMBERS_DIFFER = 4;

    /// The exit code for a certificate that is not as it was issued.
    static final int EDITED = 5;

    /// @param operand the certificate's file, or `-` for standard input
    /// @throws Usage if there is no such file, or it is not JSON
    /// @throws assay.domain.Refused if it is no certificate, or of another folder
    Verification verify(String operand, InputStream in) throws IOException, InterruptedException {
        var certificate = Certificate.read(json(operand, in));
        var scratch = Files.createTempDirectory("assay-verify");
        try {
            return Verification.of(folder, caller, certificate, scratch);
        } finally {
            Scratch.delete(scratch);
        }
    }

    static int code(Verification.Finding finding) {
        return switch (finding) {
            case SAME -> 0;
            case DATA_CHANGED -> DATA_CHANGED;
            case NUMBERS_DIFFER -> NUMBERS_DIFFER;
            case EDITED -> EDITED;
        };
    }

    private static JsonNode json(String operand, InputStream in) throws IOException {
        var file = Path.of(operand);
        if (!operand.equals("-") && !(Files.isRegularFile(file) && Files.isReadable(file))) {
            throw new Usage(
                    "There is no readable file '" + operand + "'.",
                    "Name the file of a certificate, or write - and give it on standard input.");
        }
        try {
            return JsonTree.read(
                    operand.equals("-") ? in.readAllBytes() : Files.readAllBytes(file));
        } catch (JacksonException problem) {
            throw new Usage(
                    "'%s' is not JSON: %s.".formatted(operand, problem.getOriginalMessage()),
                    "Name a file with what $.Experiment.certificate(id) answers.");
        }
    }
}
