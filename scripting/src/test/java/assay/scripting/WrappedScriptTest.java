package assay.scripting;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What agents put around their scripts.
class WrappedScriptTest extends WithSandbox {
    @Override
    Sandbox open() {
        return new InProcessSandbox();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "```js return 5```",
                "```return 5```",
                "``` 5 ```",
                "~~~js\nreturn 5\n~~~",
                "~~~\n5",
                "\uFEFF```js\nreturn 5\n```",
                "```js\r\nconst a = 4\r\na + 1\r\n```\r\n",
                "Here is the script:\n\n```js\nconst a = 4\na + 1\n```\n\nIt gives five.",
                "```js\n5\n```\nIt gives five.",
                "Script:\n```js\n5\n```\nIt gives five.",
                "Run this:\r\n~~~javascript\r\n5\r\n~~~",
                "async ($) => { return typeof $.Event.create === 'function' ? 5 : 0 }",
                "export default async () => 5",
                "const a = 5\nexport default async function main($) { return $.Event ? a : 0 }",
                "import { Event } from 'assay'\nexport default function () { return Event && 5 }",
                "async function main() { return 5 };\nmain()",
                "async function main() { return 5 }\nmain().then(x => x)",
                "(async () => {\n  return 5\n})()",
                "const a = 4 // four\u2028a + 1",
                "const a = 4\ra + 1",
                "const { Event } = await import('assay'); Event === $.Event ? 5 : 0",
                "const { $: all, default: same } = await import('@headlessly/sdk')\nall === $ && same === $ ? 5 : 0",
                "import('assay').then(({ Event }) => Event === $.Event ? 5 : 0)"
            })
    void is_understood(String source) {
        assertThat(run(source)).isEqualTo(returned("5"));
    }

    @Nested
    class A_text_that_only_looks_wrapped {
        @Test
        void keeps_its_meaning() {
            assertThat(run("/* as in\n```js\n6\n```\n*/ 5")).isEqualTo(returned("5"));
            assertThat(run("\"export default 5; import('fs')\""))
                    .isEqualTo(returned("\"export default 5; import('fs')\""));
            assertThat(run("(a, $) => 5")).isEqualTo(returned("null"));
        }

        @Test
        void with_two_blocks_of_code_is_not_guessed_at() {
            assertThat(run("Do this:\n```js\n1\n```\nthen\n```js\n2\n```"))
                    .isInstanceOf(Outcome.Unreadable.class);
        }
    }

    @Nested
    class A_place {
        @Test
        void is_the_agents_own_behind_prose_and_marks() {
            assertThat(run("Run this:\n```js\nlet a = null; a.b\n```"))
                    .isEqualTo(
                            threw(
                                    "TypeError: Cannot read property 'b' of null",
                                    3,
                                    15,
                                    "let a = null; a.b"));
        }

        @Test
        void is_the_agents_own_behind_an_export_and_a_call_of_import() {
            assertThat(run("export default () => null.a"))
                    .isEqualTo(
                            threw(
                                    "TypeError: Cannot read property 'a' of null",
                                    1,
                                    22,
                                    "export default () => null.a"));
            assertThat(run("const { Event } = await import('assay'); null.a"))
                    .isEqualTo(
                            threw(
                                    "TypeError: Cannot read property 'a' of null",
                                    1,
                                    42,
                                    "const { Event } = await import('assay'); null.a"));
        }
    }

    @Nested
    class A_call_of_import {
        @Test
        void for_anything_else_is_refused_by_name() {
            assertThat(run("const fs = await import('node:fs')"))
                    .isEqualTo(
                            unreadable(
                                    "There is no module 'node:fs' here. Scripts can import from"
                                            + " '@headlessly/experiments' and from 'assay';"
                                            + " everything else they need is in $.",
                                    "Leave the import out and use the members of $: every type is one of them.",
                                    1,
                                    18,
                                    "const fs = await import('node:fs')"));
        }
    }
}
