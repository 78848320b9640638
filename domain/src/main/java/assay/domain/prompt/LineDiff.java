package assay.domain.prompt;

import java.util.ArrayList;
import java.util.List;

/// What has to be taken out of one list of lines and put in to get another: the fewest lines, found
/// as the longest common subsequence.
///
/// @param added lines that only the second has
/// @param removed lines that only the first has
/// @param text every changed line with `+ ` or `- ` in front and up to two lines around it with two
///   blanks, `…` where equal lines are left out
record LineDiff(int added, int removed, String text) {
    private static final int AROUND = 2;

    /// Cells of the table; two texts that differ in more are told as one replaced by the other.
    private static final int MOST_CELLS = 1_000_000;

    private static final int LONGEST = 20_000;

    /// @param mark `+`, `-` or a blank
    private record Line(char mark, String text) {}

    static LineDiff of(List<String> before, List<String> after) {
        var start = 0;
        while (start < Math.min(before.size(), after.size())
                && before.get(start).equals(after.get(start))) {
            start++;
        }
        var end = 0;
        while (end < Math.min(before.size(), after.size()) - start
                && before.get(before.size() - 1 - end).equals(after.get(after.size() - 1 - end))) {
            end++;
        }
        var lines = new ArrayList<Line>();
        before.subList(0, start).forEach(line -> lines.add(new Line(' ', line)));
        middle(
                before.subList(start, before.size() - end),
                after.subList(start, after.size() - end),
                lines);
        before.subList(before.size() - end, before.size())
                .forEach(line -> lines.add(new Line(' ', line)));
        return new LineDiff(
                (int) lines.stream().filter(line -> line.mark() == '+').count(),
                (int) lines.stream().filter(line -> line.mark() == '-').count(),
                text(lines));
    }

    private static void middle(List<String> before, List<String> after, List<Line> lines) {
        if ((long) before.size() * after.size() > MOST_CELLS) {
            before.forEach(line -> lines.add(new Line('-', line)));
            after.forEach(line -> lines.add(new Line('+', line)));
            return;
        }
        // common[i][j]: the length of the longest common subsequence from here on.
        var common = new int[before.size() + 1][after.size() + 1];
        for (var i = before.size() - 1; i >= 0; i--) {
            for (var j = after.size() - 1; j >= 0; j--) {
                common[i][j] =
                        before.get(i).equals(after.get(j))
                                ? common[i + 1][j + 1] + 1
                                : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        var i = 0;
        var j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
                lines.add(new Line(' ', before.get(i)));
                i++;
                j++;
            } else if (j == after.size()
                    || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
                lines.add(new Line('-', before.get(i++)));
            } else {
                lines.add(new Line('+', after.get(j++)));
            }
        }
    }

    private static String text(List<Line> lines) {
        var text = new StringBuilder();
        var isCut = false;
        for (var i = 0; i < lines.size(); i++) {
            if (!isNearChange(lines, i)) {
                isCut = true;
                continue;
            }
            if (isCut && !text.isEmpty()) {
                text.append("…\n");
            }
            isCut = false;
            text.append(lines.get(i).mark()).append(' ').append(lines.get(i).text()).append('\n');
            if (text.length() > LONGEST) {
                return text.substring(0, LONGEST) + "…";
            }
        }
        return text.toString().stripTrailing();
    }

    private static boolean isNearChange(List<Line> lines, int at) {
        for (var i = Math.max(0, at - AROUND); i <= Math.min(lines.size() - 1, at + AROUND); i++) {
            if (lines.get(i).mark() != ' ') {
                return true;
            }
        }
        return false;
    }
}
