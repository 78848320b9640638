package assay.bench;

import assay.domain.JsonTree;
import assay.domain.noun.Nouns;
import assay.domain.query.QueryParser;
import assay.domain.store.DataFolder;
import assay.domain.store.Objects;
import assay.domain.store.Transaction;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a search over HTTP costs without protocol, sessions and tools: a handler of Jetty that asks
/// the same store the same question and writes the documents it finds, on a virtual thread.
///
/// `BareJetty DATA` prints its port on standard output.
public final class BareJetty extends Handler.Abstract {
    private final DataFolder folder;

    private BareJetty(DataFolder folder) {
        this.folder = folder;
    }

    public static void main(String[] words) throws Exception {
        var nouns = Nouns.load(Optional.empty());
        var threads = new QueuedThreadPool();
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        var server = new Server(threads);
        var connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new BareJetty(new DataFolder(Path.of(words[0]), nouns, true)));
        server.start();
        System.out.println(connector.getLocalPort());
        server.join();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        var message = JsonTree.read(Content.Source.asString(request));
        var question = (ObjectNode) message.path("params").path("arguments");
        var noun = folder.nouns().require(question.path("type").asString());
        var query = new QueryParser(folder.nouns(), Instant.now()).search(noun, question);
        var answer = JsonNodeFactory.instance.objectNode();
        var results = answer.putArray("results");
        try (var transaction = folder.begin("default", Transaction.Mode.READ)) {
            var objects = new Objects(transaction);
            objects.find(query).forEach(object -> results.add(object.document()));
            answer.put("total", objects.count(query));
        }
        var reply = JsonNodeFactory.instance.objectNode();
        reply.set("id", message.get("id"));
        var result = reply.putObject("result");
        result.set("structuredContent", answer);
        result.putArray("content").addObject().put("text", JsonTree.text(answer));
        var bytes = new ByteArrayOutputStream(1024);
        JsonTree.write(reply, bytes);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.size());
        response.write(true, ByteBuffer.wrap(bytes.toByteArray()), callback);
        return true;
    }
}
