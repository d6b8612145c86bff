package com.akidb.transfer;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.Suggestion;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The columns of a table, and how values of files become theirs. A value becomes exactly what the file says, or is refused.
 *
 * <p>Values of files: String, whose form the column's type says; JsonNode, which has a kind of its own; Boolean; Long,
 * Integer, Short, Byte, BigInteger; BigDecimal, Double, Float; Instant, LocalDateTime, LocalDate, LocalTime, UUID; List and
 * Map of such, null included.
 */
final class ColumnTypes {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Digits that a double keeps of a whole number. */
    private static final BigInteger MOST_EXACT = BigInteger.ONE.shiftLeft(53);

    private static final int SHOWN = 40;

    private static final Pattern WITH_OFFSET = Pattern.compile(".*\\d{2}:\\d{2}.*([Zz]|[+-]\\d{2}:?\\d{2})\\s*");

    private static final DateTimeFormatter LOCAL = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendLiteral('T')
            .appendPattern("HH:mm")
            .optionalStart()
            .appendPattern(":ss")
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
            .optionalEnd()
            .optionalEnd()
            .optionalEnd()
            .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
            .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
            .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
            .toFormatter(Locale.ROOT);

    /**
     * What is to be known of times that do not say it themselves.
     *
     * @param zone of times without one; null if such times are refused
     * @param epoch unit of times that are numbers since 1970 in UTC; null if such times are refused
     */
    record Times(@Nullable ZoneId zone, @Nullable ChronoUnit epoch) {
        static final Times STRICT = new Times(null, null);
    }

    private final Map<String, String> byName;
    private final Times times;

    private ColumnTypes(Map<String, String> byName, Times times) {
        this.byName = byName;
        this.times = times;
    }

    /** @param table as {@code GET /api/v1/tables/{table}} describes it */
    static ColumnTypes of(JsonNode table, Times times) {
        Map<String, String> types = new LinkedHashMap<>();
        for (JsonNode column : table.path("columns")) {
            types.put(column.path("name").asString(""), column.path("type").asString(""));
        }
        return new ColumnTypes(types, times);
    }

    Set<String> names() {
        return byName.keySet();
    }

    boolean has(String column) {
        return byName.containsKey(column);
    }

    static InvalidInputException unknown(String column, Collection<String> known) {
        return new InvalidInputException(
                ErrorCode.UNKNOWN_COLUMN,
                "The file has a column '" + column + "', which the table does not have" + Suggestion.hint(column, known)
                        + " (--map " + column + "=NAME brings it into another column, --skip-unknown leaves it out)",
                column);
    }

    /**
     * The value that a column takes.
     *
     * @throws IllegalArgumentException if it cannot be the column's; its message says so
     */
    JsonNode value(String column, Object value) {
        String type = byName.getOrDefault(column, "json");
        try {
            return switch (type) {
                case "int" -> integer(value);
                case "float" -> number(value);
                case "bool" -> bool(value);
                case "timestamp" -> time(value);
                case "json" -> value instanceof String text ? JsonLines.JSON.readTree(text) : json(value, true);
                case "embedding" -> vector(value);
                default -> string(value);
            };
        } catch (NotOfType | NumberFormatException | ArithmeticException | JacksonException wrong) {
            throw new IllegalArgumentException(
                    column + " must be of the type " + type + ", got " + shown(value) + reason(wrong), wrong);
        } catch (DateTimeException wrong) {
            throw new IllegalArgumentException(column + " " + wrong.getMessage() + ", got " + shown(value), wrong);
        }
    }

    /** A value that a column's type does not have. */
    private static final class NotOfType extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotOfType(String why) {
            super(why);
        }
    }

    private static String reason(Exception wrong) {
        return wrong instanceof NotOfType && !String.valueOf(wrong.getMessage()).isEmpty()
                ? ": " + wrong.getMessage()
                : "";
    }

    private static String shown(Object value) {
        String text = value instanceof String ? "'" + value + "'" : json(value).toString();
        return text.length() <= SHOWN ? text : text.substring(0, text.offsetByCodePoints(0, SHOWN / 2)) + "...";
    }

    private static JsonNode string(Object value) {
        return switch (value) {
            case JsonNode node -> node;
            case String text -> NODES.stringNode(text);
            case java.util.UUID id -> NODES.stringNode(id.toString());
            case java.time.temporal.Temporal time -> NODES.stringNode(time.toString());
            default -> throw new NotOfType("");
        };
    }

    private static JsonNode integer(Object value) {
        return switch (value) {
            case JsonNode node -> node;
            case String text -> NODES.numberNode(new BigDecimal(text.strip()).toBigIntegerExact());
            case Double number -> NODES.numberNode(new BigDecimal(number).toBigIntegerExact());
            case Float number -> NODES.numberNode(new BigDecimal(number).toBigIntegerExact());
            case BigDecimal number -> NODES.numberNode(number.toBigIntegerExact());
            case BigInteger number -> NODES.numberNode(number);
            case Number number -> NODES.numberNode(number.longValue());
            default -> throw new NotOfType("");
        };
    }

    private static JsonNode number(Object value) {
        return switch (value) {
            case JsonNode node -> {
                if (node.isIntegralNumber()) {
                    requireExact(node.bigIntegerValue());
                }
                yield node;
            }
            case String text -> {
                BigDecimal number = new BigDecimal(text.strip());
                if (text.strip().chars().allMatch(unit -> Character.isDigit(unit) || unit == '-' || unit == '+')) {
                    requireExact(number.toBigIntegerExact());
                }
                yield NODES.numberNode(number);
            }
            case Float number -> finite(number.doubleValue());
            case Double number -> finite(number);
            case BigDecimal number -> NODES.numberNode(number);
            case BigInteger number -> NODES.numberNode(requireExact(number));
            case Number number -> NODES.numberNode(requireExact(BigInteger.valueOf(number.longValue())));
            default -> throw new NotOfType("");
        };
    }

    private static BigInteger requireExact(BigInteger number) {
        boolean exact = number.abs().compareTo(MOST_EXACT) <= 0
                || new BigDecimal(number.doubleValue()).compareTo(new BigDecimal(number)) == 0;
        if (!exact) {
            throw new NotOfType("it has more digits than a float keeps");
        }
        return number;
    }

    private static JsonNode finite(double number) {
        if (!Double.isFinite(number)) {
            throw new NotOfType("it is not finite");
        }
        return NODES.numberNode(number);
    }

    private static JsonNode bool(Object value) {
        return switch (value) {
            case JsonNode node -> node;
            case Boolean truth -> NODES.booleanNode(truth);
            case String text ->
                switch (text.strip().toLowerCase(Locale.ROOT)) {
                    case "true", "t", "1", "yes" -> NODES.booleanNode(true);
                    case "false", "f", "0", "no" -> NODES.booleanNode(false);
                    default -> throw new NotOfType("");
                };
            default -> throw new NotOfType("");
        };
    }

    private JsonNode time(Object value) {
        return switch (value) {
            case Instant time -> NODES.stringNode(time.toString());
            case LocalDateTime time -> NODES.stringNode(at(time).toString());
            case LocalDate day -> NODES.stringNode(at(day.atStartOfDay()).toString());
            case String text -> NODES.stringNode(time(text.strip()));
            case JsonNode node when node.isString() -> NODES.stringNode(time(node.asString("")));
            case JsonNode node
            when node.isNumber() && times.epoch != null ->
                NODES.stringNode(sinceEpoch(node.decimalValue()).toString());
            case JsonNode node -> node;
            case Number number ->
                NODES.stringNode(sinceEpoch(new BigDecimal(number.toString())).toString());
            default -> throw new NotOfType("");
        };
    }

    /** A time as the server takes it; what has an offset, or no form of a time, is for the server to judge. */
    private String time(String text) {
        if (WITH_OFFSET.matcher(text).matches()) {
            return text;
        }
        if (times.epoch != null && text.matches("[+-]?\\d+(\\.\\d+)?")) {
            return sinceEpoch(new BigDecimal(text)).toString();
        }
        LocalDateTime local;
        try {
            local = LocalDateTime.parse(text.toUpperCase(Locale.ROOT).replace(' ', 'T'), LOCAL);
        } catch (DateTimeParseException none) {
            return text;
        }
        return at(local).toString();
    }

    private Instant at(LocalDateTime local) {
        if (times.zone == null) {
            throw new DateTimeException("has a time without a time zone; say --timezone, such as --timezone UTC");
        }
        int offsets = times.zone.getRules().getValidOffsets(local).size();
        if (offsets != 1) {
            throw new DateTimeException(
                    (offsets == 0 ? "has a time that clocks leave out in " : "has a time that comes twice in ")
                            + times.zone);
        }
        return local.atZone(times.zone).toInstant();
    }

    private Instant sinceEpoch(BigDecimal number) {
        if (times.epoch == null) {
            throw new DateTimeException("has a number instead of a time; give its unit with --epoch s, ms, us or ns");
        }
        long nanosOfUnit = times.epoch.getDuration().toNanos();
        BigInteger nanos = number.multiply(BigDecimal.valueOf(nanosOfUnit)).toBigIntegerExact();
        BigInteger[] parts = nanos.divideAndRemainder(BigInteger.valueOf(1_000_000_000));
        return Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValueExact());
    }

    private static JsonNode vector(Object value) {
        return switch (value) {
            case JsonNode node -> node;
            case List<?> list -> json(list, true);
            case String text -> JsonLines.JSON.readTree(text);
            default -> throw new NotOfType("");
        };
    }

    /** A value as JSON of its own kind, to be shown or kept aside. */
    static JsonNode json(@Nullable Object value) {
        return json(value, false);
    }

    /** @param strict whether what JSON has no kind for is refused; else it becomes a text */
    private static JsonNode json(@Nullable Object value, boolean strict) {
        return switch (value) {
            case null -> NODES.nullNode();
            case JsonNode node -> node;
            case String text -> NODES.stringNode(text);
            case Boolean truth -> NODES.booleanNode(truth);
            case BigInteger number -> NODES.numberNode(number);
            case BigDecimal number -> NODES.numberNode(number);
            case Float number when Float.isFinite(number) -> NODES.numberNode(number);
            case Double number when Double.isFinite(number) -> NODES.numberNode(number);
            case Long number -> NODES.numberNode(number);
            case Integer number -> NODES.numberNode(number);
            case Short number -> NODES.numberNode(number);
            case Byte number -> NODES.numberNode(number);
            case List<?> list -> {
                ArrayNode array = NODES.arrayNode();
                list.forEach(each -> array.add(json(each, strict)));
                yield array;
            }
            case Map<?, ?> map -> {
                ObjectNode object = NODES.objectNode();
                map.forEach((name, each) -> object.set(String.valueOf(name), json(each, strict)));
                yield object;
            }
            case java.time.temporal.Temporal time -> NODES.stringNode(time.toString());
            case java.util.UUID id -> NODES.stringNode(id.toString());
            case Number number when strict -> throw new NotOfType("JSON has no number " + number);
            case Object other
            when strict -> throw new NotOfType("JSON has no " + other.getClass().getSimpleName());
            case byte[] bytes -> NODES.stringNode(java.util.HexFormat.of().formatHex(bytes));
            default -> NODES.stringNode(value.toString());
        };
    }
}
