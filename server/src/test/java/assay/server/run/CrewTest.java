package assay.server.run;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.Reason;
import assay.server.cli.ModelAccess;
import assay.server.cli.ModelAccess.Api;
import assay.server.cli.ModelAccess.ApiKey;
import assay.server.run.StubEndpoint.Answer;
import assay.server.run.StubEndpoint.Request;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// A crew at work on an endpoint of this machine, which answers as each test tells it to.
@DisplayNameGeneration(ReplaceUnderscores.class)
class CrewTest {
    private static final String SECRET = "sk-very-secret";
    private static final String SAID =
            "{'output':'yes','metrics':{'inputTokens':7,'outputTokens':3}}";

    private final HandTime time = new HandTime();
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    private static ModelAccess access(StubEndpoint stub) {
        return new ModelAccess(
                Optional.of(stub.address()),
                Api.OPENAI,
                Optional.of(new ApiKey(SECRET)),
                Optional.empty(),
                1,
                OptionalInt.empty(),
                2,
                Duration.ofSeconds(20),
                false);
    }

    private static ModelAccess with(
            ModelAccess access, Api api, int concurrency, Duration patience) {
        return new ModelAccess(
                access.endpoint(),
                api,
                access.key(),
                access.model(),
                concurrency,
                access.perMinute(),
                access.retries(),
                patience,
                access.judges());
    }

    private Crew crew(ModelAccess access, Loop loop, Endpoint endpoint) {
        return new Crew(
                loop,
                endpoint,
                new Pace(time, new Random(1), access.perMinute()),
                time,
                access,
                new Progress(new PrintStream(shown, true, StandardCharsets.UTF_8), false, time),
                access.judges());
    }

    private Crew.Report work(ModelAccess access, Loop loop) throws InterruptedException {
        try (var endpoint = new Endpoint(access, time)) {
            return crew(access, loop, endpoint).work();
        }
    }

    /// Runs texts against a stub, and checks that the key went nowhere but into its header.
    private Crew.Report work(Function<Request, Answer> answers, ListLoop loop) throws Exception {
        try (var stub = new StubEndpoint(answers)) {
            var report = work(access(stub), loop);
            assertThat(report + " " + loop.recorded() + shown).doesNotContain(SECRET);
            return report;
        }
    }

    /// Answers by what was answered before: the first time with the first, and so on.
    private static Function<Request, Answer> inTurn(Answer... answers) {
        var count = new AtomicInteger();
        return _ -> answers[Math.min(count.getAndIncrement(), answers.length - 1)];
    }

    @Nested
    class A_unit {
        @Test
        void is_asked_of_an_endpoint_of_the_openai_kind_and_recorded_with_its_tokens()
                throws Exception {
            try (var stub = new StubEndpoint(_ -> Answer.said("yes"))) {
                var loop = new ListLoop(List.of("a"));
                var report = work(access(stub), loop);
                assertThat(report.tally()).isEqualTo(new Tally(1, 0, 0, 0, 0));
                assertThat(report.why()).isEqualTo("Every unit is recorded.");
                assertThat(loop.recorded()).isEqualTo(Map.of("a", SAID));
                var request = stub.requests().getFirst();
                assertThat(request.path()).isEqualTo("/v1/chat/completions");
                assertThat(request.headers())
                        .containsEntry("Authorization", "Bearer " + SECRET)
                        .doesNotContainKey("x-api-key");
                assertThat(request.body().toString())
                        .isEqualTo(
                                "{\"model\":\"small-1\",\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"a\"}]}");
            }
        }

        @Test
        void is_asked_of_an_endpoint_of_the_anthropic_kind_with_its_instructions_apart()
                throws Exception {
            var answer =
                    "{\"content\": [{\"type\": \"thinking\", \"thinking\": \"hm\"}, {\"type\": \"text\", \"text\": \"yes\"}], \"usage\": {\"input_tokens\": 7, \"output_tokens\": 3}}";
            try (var stub = new StubEndpoint(_ -> Answer.of(200, answer))) {
                var loop = new ListLoop(List.of("a"));
                work(with(access(stub), Api.ANTHROPIC, 1, Duration.ofSeconds(20)), loop);
                assertThat(loop.recorded()).isEqualTo(Map.of("a", SAID));
                var request = stub.requests().getFirst();
                assertThat(request.path()).isEqualTo("/v1/messages");
                assertThat(request.headers())
                        .containsEntry("x-api-key", SECRET)
                        .containsEntry("anthropic-version", "2023-06-01")
                        .doesNotContainKey("Authorization");
                assertThat(request.body().toString())
                        .isEqualTo(
                                "{\"max_tokens\":1024,\"system\":[{\"type\":\"text\",\"text\":\"Be brief.\"}],\"model\":\"small-1\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}");
            }
        }

        @Test
        void whose_lease_has_run_out_is_lost_and_the_work_goes_on() throws Exception {
            var loop = new ListLoop(List.of("a", "b")).refusing("a", Reason.LEASE_EXPIRED);
            var report = work(_ -> Answer.said("yes"), loop);
            assertThat(report.tally()).isEqualTo(new Tally(1, 0, 0, 0, 1));
            assertThat(loop.recorded()).containsOnlyKeys("b");
        }

        @Test
        void whose_answer_is_refused_as_one_is_recorded_as_failed() throws Exception {
            var loop = new ListLoop(List.of("a")).refusing("a", Reason.TOO_LARGE);
            assertThat(work(_ -> Answer.said("yes"), loop).tally())
                    .isEqualTo(new Tally(0, 1, 0, 0, 0));
            assertThat(loop.recorded()).isEqualTo(Map.of("a", "{'error':'It is too_large.'}"));
        }

        @Test
        void whose_answer_holds_no_verdict_is_recorded_as_failed() throws Exception {
            var loop = new ListLoop(List.of("a")).refusing("a", Reason.INVALID_VALUE, "output");
            assertThat(work(_ -> Answer.said("yes"), loop).tally())
                    .isEqualTo(new Tally(0, 1, 0, 0, 0));
        }

        @Test
        void that_is_refused_for_what_is_not_its_answer_ends_the_run() throws Exception {
            for (var field : List.of("source", "metrics.costUsd")) {
                var loop =
                        new ListLoop(List.of("a", "b")).refusing("a", Reason.INVALID_VALUE, field);
                var report = work(_ -> Answer.said("yes"), loop);
                assertThat(report.refused().orElseThrow().problem())
                        .isEqualTo("It is invalid_value.");
                assertThat(loop.recorded()).isEmpty();
            }
        }

        @Test
        void whose_answer_repeats_the_key_is_recorded_without_it() throws Exception {
            var loop = new ListLoop(List.of("a"));
            work(_ -> Answer.said("it is " + SECRET), loop);
            assertThat(loop.recorded().get("a")).startsWith("{'output':'it is …'");
        }

        @Test
        void whose_answer_repeats_a_short_key_is_recorded_without_it_but_for_one_of_seven_letters()
                throws Exception {
            for (var key : List.of("abcdefgh", "abcdefg")) {
                try (var stub = new StubEndpoint(_ -> Answer.said("an " + key))) {
                    var usual = access(stub);
                    var local =
                            new ModelAccess(
                                    usual.endpoint(),
                                    usual.api(),
                                    Optional.of(new ApiKey(key)),
                                    usual.model(),
                                    1,
                                    OptionalInt.empty(),
                                    2,
                                    usual.requestTime(),
                                    false);
                    var loop = new ListLoop(List.of("a"));
                    work(local, loop);
                    assertThat(loop.recorded().get("a"))
                            .startsWith(
                                    "{'output':'an %s'"
                                            .formatted(key.length() < 8 ? "abcdefg" : "…"));
                }
            }
        }

        @Test
        void of_a_loop_that_leases_no_more_ends_the_run_with_that_refusal() throws Exception {
            var loop = new ListLoop(List.of("a", "b")).refusing("a", Reason.ILLEGAL_TRANSITION);
            var report = work(_ -> Answer.said("yes"), loop);
            assertThat(report.refused().orElseThrow().reason())
                    .isEqualTo(Reason.ILLEGAL_TRANSITION);
            assertThat(loop.recorded()).isEmpty();
        }
    }

    @Nested
    class An_endpoint_that_is_busy {
        @Test
        void is_left_alone_for_as_long_as_it_says() throws Exception {
            var loop = new ListLoop(List.of("a", "b"));
            var report =
                    work(
                            inTurn(
                                    Answer.of(429, "slow down").with("Retry-After", "7"),
                                    Answer.said("yes")),
                            loop);
            assertThat(report.tally()).isEqualTo(new Tally(2, 0, 0, 1, 0));
            assertThat(time.slept()).containsExactly(Duration.ofSeconds(7));
        }

        @Test
        void may_say_it_as_a_date() throws Exception {
            var loop = new ListLoop(List.of("a"));
            work(
                    inTurn(
                            Answer.of(503, "").with("Retry-After", "Fri, 20 Nov 2026 10:01:30 GMT"),
                            Answer.said("yes")),
                    loop);
            assertThat(time.slept()).containsExactly(Duration.ofSeconds(90));
        }

        @Test
        void is_left_alone_for_longer_each_time_where_it_says_nothing() throws Exception {
            var loop = new ListLoop(List.of("a"));
            work(inTurn(Answer.of(429, ""), Answer.of(429, ""), Answer.said("yes")), loop);
            assertThat(time.slept().get(0))
                    .isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
            assertThat(time.slept().get(1)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
            assertThat(loop.recorded()).isEqualTo(Map.of("a", SAID));
        }

        @Test
        void for_ever_ends_the_run_and_nothing_is_recorded_of_it() throws Exception {
            var loop = new ListLoop(List.of("a", "b"));
            var report = work(_ -> Answer.of(429, "{\"error\": {\"message\": \"quota\"}}"), loop);
            var refused = report.refused().orElseThrow();
            assertThat(refused.problem()).isEqualTo("The endpoint: HTTP 429: 'quota'.");
            assertThat(refused.repair()).contains("goes on where it stopped");
            assertThat(loop.recorded()).isEmpty();
        }
    }

    @Nested
    class A_failure {
        @Test
        void of_the_server_is_tried_again() throws Exception {
            var loop = new ListLoop(List.of("a"));
            var report = work(inTurn(Answer.of(500, "oops"), Answer.said("yes")), loop);
            assertThat(report.tally()).isEqualTo(new Tally(1, 0, 0, 1, 0));
        }

        @Test
        void that_stays_is_an_outcome() throws Exception {
            var loop = new ListLoop(List.of("a", "b"));
            var report =
                    work(
                            request ->
                                    request.lastMessage().equals("a")
                                            ? Answer.of(500, "oops " + SECRET)
                                            : Answer.said("yes"),
                            loop);
            assertThat(report.tally()).isEqualTo(new Tally(1, 1, 0, 2, 0));
            assertThat(loop.recorded())
                    .isEqualTo(Map.of("a", "{'error':'HTTP 500: 'oops …''}", "b", SAID));
        }

        @Test
        void by_an_answer_without_text_is_an_outcome_at_once() throws Exception {
            var loop = new ListLoop(List.of("a", "b"));
            var report =
                    work(
                            request ->
                                    Answer.of(
                                            200,
                                            request.lastMessage().equals("a")
                                                    ? "<html>"
                                                    : "{\"choices\": []}"),
                            loop);
            assertThat(report.tally()).isEqualTo(new Tally(0, 2, 0, 0, 0));
            assertThat(loop.recorded())
                    .isEqualTo(
                            Map.of(
                                    "a", "{'error':'the answer is not JSON: '<html>''}",
                                    "b",
                                            "{'error':'the answer holds no text: '{\\'choices\\': []}''}"));
        }

        @Test
        void to_answer_in_time_is_an_outcome_after_the_retries() throws Exception {
            try (var stub =
                    new StubEndpoint(request ->
                            request.lastMessage().equals("a")
                                    ? StubEndpoint.NEVER
                                    : Answer.said("yes"))) {
                var loop = new ListLoop(List.of("a", "b"));
                var report = work(with(access(stub), Api.OPENAI, 1, Duration.ofMillis(300)), loop);
                assertThat(report.tally()).isEqualTo(new Tally(1, 1, 0, 2, 0));
                assertThat(loop.recorded())
                        .isEqualTo(Map.of("a", "{'error':'no answer within 300 ms'}", "b", SAID));
            }
        }

        @Test
        void of_every_unit_is_the_endpoints_own_and_ends_the_run() throws Exception {
            var texts = IntStream.range(0, 20).mapToObj(Integer::toString).toList();
            var loop = new ListLoop(texts);
            var report = work(_ -> Answer.of(500, "oops"), loop);
            assertThat(report.refused()).isPresent();
            assertThat(loop.recorded()).hasSize(8);
        }
    }

    @Nested
    class What_will_not_work_for_any_unit {
        @Test
        void is_told_at_once_and_nothing_is_recorded() throws Exception {
            for (var status : List.of(401, 403, 404, 302)) {
                var loop = new ListLoop(List.of("a", "b"));
                var report =
                        work(_ -> Answer.of(status, "{\"error\": \"no " + SECRET + "\"}"), loop);
                assertThat(report.refused().orElseThrow().problem())
                        .isEqualTo("The endpoint: HTTP " + status + ": 'no …'.");
                assertThat(loop.recorded()).isEmpty();
            }
        }

        @Test
        void is_told_without_a_key_that_is_written_with_escapes() throws Exception {
            var escaped = SECRET.replace("-", "\\u002d");
            var report =
                    work(
                            _ -> Answer.of(401, "{\"error\": \"no " + escaped + "\"}"),
                            new ListLoop(List.of("a")));
            assertThat(report.refused().orElseThrow().problem())
                    .isEqualTo("The endpoint: HTTP 401: 'no …'.");
        }

        @Test
        void is_a_question_that_is_rejected_before_any_was_answered() throws Exception {
            var loop = new ListLoop(List.of("a", "b"));
            var report = work(_ -> Answer.of(400, "no such parameter"), loop);
            assertThat(report.refused().orElseThrow().problem())
                    .isEqualTo("The endpoint: HTTP 400: 'no such parameter'.");
            assertThat(loop.recorded()).isEmpty();
        }

        @Test
        void is_not_a_question_that_is_rejected_after_others_were_answered() throws Exception {
            var loop = new ListLoop(List.of("a", "b", "c"));
            var report =
                    work(
                            request ->
                                    request.lastMessage().equals("b")
                                            ? Answer.of(413, "too long")
                                            : Answer.said("yes"),
                            loop);
            assertThat(report.tally()).isEqualTo(new Tally(2, 1, 0, 0, 0));
            assertThat(loop.recorded()).containsEntry("b", "{'error':'HTTP 413: 'too long''}");
        }

        @Test
        void is_an_address_where_nobody_listens() throws Exception {
            var stub = new StubEndpoint(_ -> Answer.said("yes"));
            var access = access(stub);
            stub.close();
            var loop = new ListLoop(List.of("a"));
            var report = work(access, loop);
            assertThat(report.refused().orElseThrow().problem())
                    .isEqualTo("The endpoint: %s cannot be reached.".formatted(stub.address()));
            assertThat(loop.recorded()).isEmpty();
        }
    }

    @Nested
    class Many {
        @Test
        void are_asked_at_once_and_each_is_recorded_once() throws Exception {
            var together = new CountDownLatch(4);
            try (var stub =
                    new StubEndpoint(request -> {
                        together.countDown();
                        try {
                            together.await();
                        } catch (InterruptedException ended) {
                            Thread.currentThread().interrupt();
                        }
                        return Answer.said(request.lastMessage());
                    })) {
                var texts = IntStream.range(0, 40).mapToObj(Integer::toString).toList();
                var loop = new ListLoop(texts);
                var report = work(with(access(stub), Api.OPENAI, 4, Duration.ofSeconds(20)), loop);
                assertThat(report.tally()).isEqualTo(new Tally(40, 0, 0, 0, 0));
                assertThat(loop.recorded().keySet()).containsExactlyInAnyOrderElementsOf(texts);
                assertThat(stub.requests()).hasSize(40);
            }
        }

        @Test
        void are_sent_no_faster_than_was_allowed() throws Exception {
            try (var stub = new StubEndpoint(_ -> Answer.said("yes"))) {
                var usual = access(stub);
                var slow =
                        new ModelAccess(
                                usual.endpoint(),
                                usual.api(),
                                usual.key(),
                                usual.model(),
                                1,
                                OptionalInt.of(30),
                                2,
                                usual.requestTime(),
                                false);
                work(slow, new ListLoop(List.of("a", "b", "c")));
                assertThat(time.slept().subList(0, 2))
                        .containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(2));
            }
        }

        @Test
        void go_on_from_where_a_run_was_ended() throws Exception {
            var loop = new ListLoop(List.of("a", "b", "c"));
            try (var stub = new StubEndpoint(_ -> Answer.said("yes"));
                    var endpoint = new Endpoint(access(stub), time)) {
                var ended = new Crew[1];
                var first =
                        crew(
                                access(stub),
                                new Loop() {
                                    @Override
                                    public Batch lease(Unit.Purpose purpose, int n, Duration ttl) {
                                        return loop.lease(purpose, n, ttl);
                                    }

                                    @Override
                                    public String record(
                                            String lease,
                                            tools.jackson.databind.node.ObjectNode outcome) {
                                        ended[0].stop();
                                        return loop.record(lease, outcome);
                                    }
                                },
                                endpoint);
                ended[0] = first;
                assertThat(first.work().tally()).isEqualTo(new Tally(1, 0, 0, 0, 0));
                assertThat(loop.recorded()).containsOnlyKeys("a");
                crew(access(stub), loop, endpoint).work();
                assertThat(loop.recorded()).containsOnlyKeys("a", "b", "c");
            }
        }

        @Test
        void wait_for_what_their_own_run_holds_of_the_budget() throws Exception {
            for (var texts : List.of(List.of("a", "b", "c"), List.of("judge a", "judge b"))) {
                try (var stub = new StubEndpoint(_ -> Answer.said("yes"))) {
                    var usual = texts.contains("a") ? access(stub) : judging(stub);
                    var loop = new ListLoop(texts).withBudgetForOne();
                    var report = work(with(usual, Api.OPENAI, 2, Duration.ofSeconds(20)), loop);
                    assertThat(report.refused()).isEmpty();
                    assertThat(report.why()).isEqualTo("The budget is used up.");
                    assertThat(loop.recorded().keySet()).containsExactlyInAnyOrderElementsOf(texts);
                }
            }
        }

        @Test
        void end_with_the_third_answer_of_a_judge_that_holds_no_verdict() throws Exception {
            try (var stub = new StubEndpoint(_ -> Answer.said("hm"))) {
                var loop =
                        new ListLoop(List.of("judge a", "b"))
                                .refusing("judge a", Reason.INVALID_VALUE, "answer");
                var report = work(judging(stub), loop);
                var refused = report.refused().orElseThrow();
                assertThat(refused.problem())
                        .isEqualTo(
                                "The judge gave no verdict on 'judge a' in 3 attempts, the last time: It is invalid_value.");
                assertThat(refused.repair()).contains("template or the model of the judge");
                assertThat(report.tally()).isEqualTo(new Tally(0, 3, 0, 0, 0));
                assertThat(stub.requests()).hasSize(3);
            }
        }

        private ModelAccess judging(StubEndpoint stub) {
            var usual = access(stub);
            return new ModelAccess(
                    usual.endpoint(),
                    usual.api(),
                    usual.key(),
                    usual.model(),
                    1,
                    OptionalInt.empty(),
                    2,
                    usual.requestTime(),
                    true);
        }

        @Test
        void are_judged_as_well_where_that_is_wanted() throws Exception {
            try (var stub = new StubEndpoint(_ -> Answer.said("yes"))) {
                var judging = judging(stub);
                var loop = new ListLoop(List.of("a", "judge a"));
                assertThat(work(judging, loop).tally()).isEqualTo(new Tally(1, 0, 1, 0, 0));
                assertThat(loop.recorded())
                        .containsEntry(
                                "judge a",
                                "{'answer':'yes','metrics':{'inputTokens':7,'outputTokens':3}}");
            }
        }
    }

    @Test
    void the_progress_says_how_far_it_is() throws Exception {
        work(_ -> Answer.said("yes"), new ListLoop(List.of("a", "b")));
        assertThat(shown.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        1 recorded, 0 failed, 0 judged, 1 left, 0 sent again, 1 a minute
                        2 recorded, 0 failed, 0 judged, 0 left, 0 sent again, 2 a minute
                        """);
    }
}
