package assay.scripting;

/// A process that has a sandbox and never uses it.
final class ColdStart {
    private ColdStart() {}

    static void main() {
        try (var sandbox = new InProcessSandbox()) {
            System.out.println("stuck " + sandbox.stuck());
        }
    }
}
