package assay.server.http;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/// What a client is ready to read: plain JSON, an event stream, or both.
record Accept(boolean json, boolean stream) {
    private static final Accept ANYTHING = new Accept(true, true);

    static Accept of(HttpFields headers) {
        if (!headers.contains(HttpHeader.ACCEPT)) {
            return ANYTHING;
        }
        var json = false;
        var stream = false;
        for (var range : headers.getQualityCSV(HttpHeader.ACCEPT)) {
            var semicolon = range.indexOf(';');
            var type = (semicolon < 0 ? range : range.substring(0, semicolon)).strip();
            json |=
                    type.equals("*/*")
                            || type.equals("application/*")
                            || type.equalsIgnoreCase("application/json");
            stream |=
                    type.equals("*/*")
                            || type.equals("text/*")
                            || type.equalsIgnoreCase("text/event-stream");
        }
        return new Accept(json, stream);
    }
}
