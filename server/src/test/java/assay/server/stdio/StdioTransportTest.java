package assay.server.stdio;

import static assay.server.TestTools.json;
import static org.assertj.core.api.Assertions.assertThat;

import assay.server.TransportContract;
import assay.server.Wire;
import assay.server.mcp.Dispatcher;
import assay.server.mcp.Json;
import assay.server.mcp.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StdioTransportTest extends TransportContract {
    private record Served(StdioTransport transport, StdioWire wire, Thread server) {}

    @Override
    protected Wire connect(Dispatcher dispatcher) throws IOException {
        return serve(dispatcher).wire();
    }

    private static Served serve(Dispatcher dispatcher) throws IOException {
        var toServer = Pipe.open();
        var fromServer = Pipe.open();
        var transport = new StdioTransport(dispatcher, CALLER, toServer.out(), fromServer.in());
        var server =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            try (var out = fromServer.in()) {
                                transport.serve();
                                out.flush();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
        return new Served(transport, new StdioWire(toServer.in(), fromServer.out()), server);
    }

    private Served served() throws IOException {
        var served = serve(dispatcher(Limits.DEFAULT));
        served.wire().initialized();
        return served;
    }

    @Nested
    class The_end_of_the_input {
        @Test
        void lets_running_calls_be_answered() throws Exception {
            var served = served();
            var id =
                    served.wire()
                            .request(
                                    "tools/call",
                                    json("{'name': 'slow', 'arguments': {'ms': 300}}"));
            served.wire().close();
            assertThat(served.wire().await(id).at("/result/structuredContent"))
                    .isEqualTo(json("{'slept': true}"));
            served.server().join();
        }

        @Test
        void needs_no_line_feed() throws Exception {
            var served = served();
            served.wire()
                    .write(
                            "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}"
                                    .getBytes(StandardCharsets.UTF_8));
            served.wire().close();
            assertThat(served.wire().await("1"))
                    .isEqualTo(json("{'jsonrpc': '2.0', 'id': 1, 'result': {}}"));
        }
    }

    @Nested
    class Stopping {
        @Test
        void finishes_what_runs_and_takes_nothing_new() throws Exception {
            var served = served();
            var id =
                    served.wire()
                            .request(
                                    "tools/call",
                                    json("{'name': 'slow', 'arguments': {'ms': 300}}"));
            served.wire().ask("ping");
            served.transport().stop(Duration.ofMinutes(1));
            assertThat(served.wire().await(id).at("/result/structuredContent"))
                    .isEqualTo(json("{'slept': true}"));
            assertThat(error(served.wire().ask("ping")).path("message").asString())
                    .isEqualTo("This server is stopping. Send this to the next one.");
            served.wire().close();
        }

        @Test
        void interrupts_what_does_not_end() throws Exception {
            var served = served();
            served.wire().request("tools/call", json("{'name': 'endless'}"));
            tools.begun.acquire();
            served.transport().stop(Duration.ofMillis(10));
            happens(tools.interrupted);
            served.wire().close();
        }
    }

    @Nested
    class A_long_line {
        @Test
        void is_skipped_answered_and_survived() throws Exception {
            var wire = served().wire();
            wire.send(new byte[StdioTransport.LONGEST_MESSAGE + 1]);
            assertThat(error(wire.await("null")))
                    .isEqualTo(
                            json(
                                    "{'code': -32700, 'message': 'A message may be 16777216 bytes long.'}"));
            assertThat(wire.ask("ping").path("result")).isEqualTo(json("{}"));
            wire.close();
        }
    }

    @Nested
    class Calls_cancelled_in_the_same_breath {
        @Test
        void are_never_answered() throws Exception {
            var served = served();
            var all = new ByteArrayOutputStream();
            for (var i = 0; i < 500; i++) {
                Json.write(
                        json("{'jsonrpc': '2.0', 'method': 'tools/call', 'params': {'name': 'endless'}}")
                                .put("id", "c" + i),
                        all);
                all.write('\n');
                Json.write(
                        Json.object()
                                .put("jsonrpc", "2.0")
                                .put("method", "notifications/cancelled")
                                .set("params", Json.object().put("requestId", "c" + i)),
                        all);
                all.write('\n');
            }
            served.wire().write(all.toByteArray());
            assertThat(served.wire().ask("ping").path("result")).isEqualTo(json("{}"));
            served.wire().close();
            served.wire().awaitEnd();
            assertThat(IntStream.range(0, 500).filter(i -> served.wire().answered("c" + i) != null))
                    .isEmpty();
        }
    }
}
