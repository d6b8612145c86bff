package com.akidb.table.search;

import com.akidb.table.SearchService.SearchAnswer.Match;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Groups rows, which come best first, by a value. Groups are ordered by their best rows; rows without the value are left
 * out.
 */
final class Groups {

    private final Function<Match, @Nullable Object> value;
    private final int size;
    private final Map<Object, List<Match>> groups = new LinkedHashMap<>();

    /**
     * Makes groups.
     *
     * @param size most rows of one group
     */
    Groups(Function<Match, @Nullable Object> value, int size) {
        this.value = value;
        this.size = size;
    }

    Groups addAll(List<Match> best) {
        for (Match match : best) {
            Object by = value.apply(match);
            if (by == null) {
                continue;
            }
            List<Match> group = groups.computeIfAbsent(by, key -> new ArrayList<>());
            if (group.size() < size) {
                group.add(new Match(match.row(), match.score(), match.ranks(), by));
            }
        }
        return this;
    }

    /** Whether further rows cannot change the first groups. */
    boolean isComplete(int count) {
        return groups.size() >= count && groups.values().stream().limit(count).allMatch(group -> group.size() == size);
    }

    /** The rows of a page of groups, group by group. */
    List<Match> page(int offset, int limit) {
        return groups.values().stream()
                .skip(offset)
                .limit(limit)
                .flatMap(List::stream)
                .toList();
    }
}
