package assay.server.http;

import assay.server.TransportContract;
import assay.server.Wire;
import assay.server.mcp.Dispatcher;

class HttpTransportTest extends TransportContract {
    @Override
    protected Wire connect(Dispatcher dispatcher) {
        return new HttpWire(
                HttpTransport.start(dispatcher, HttpSettings.of("127.0.0.1", 0, CALLER)));
    }
}
