package io.github.alimock;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads JSON. The JDK has no reader, and one of a library could be another version than the tested program needs.
 *
 * <p>Source: RFC 8259.
 */
final class JsonReader {
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9]\\d*)(\\.\\d+)?([eE][-+]?\\d+)?");
    private static final Pattern CODE = Pattern.compile("[0-9A-Fa-f]{4}");
    private static final String ESCAPES = "\"\\/bfnrt";
    private static final String ESCAPED = "\"\\/\b\f\n\r\t";

    private final String text;
    private int at;

    JsonReader(String text) {
        this.text = text;
    }

    /** Reads the whole text. */
    Object read() {
        Object value = value();
        if (at < text.length()) {
            throw wrong("the end");
        }
        return value;
    }

    private Object value() {
        skipSpace();
        Object value = switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
        skipSpace();
        return value;
    }

    private Map<String, Object> object() {
        Map<String, Object> fields = new LinkedHashMap<>();
        at++;
        skipSpace();
        if (!skip('}')) {
            do {
                skipSpace();
                String name = string();
                skipSpace();
                expect(':');
                fields.put(name, value());
            } while (skip(','));
            expect('}');
        }
        return Collections.unmodifiableMap(fields);
    }

    private List<Object> array() {
        List<Object> elements = new ArrayList<>();
        at++;
        skipSpace();
        if (!skip(']')) {
            do {
                elements.add(value());
            } while (skip(','));
            expect(']');
        }
        return Collections.unmodifiableList(elements);
    }

    private String string() {
        expect('"');
        StringBuilder string = new StringBuilder();
        while (peek() >= ' ') {
            char c = text.charAt(at++);
            if (c == '"') {
                return string.toString();
            }
            string.append(c == '\\' ? escape() : c);
        }
        throw wrong("`\"`");
    }

    private char escape() {
        char c = peek();
        at++;
        int known = ESCAPES.indexOf(c);
        if (known >= 0) {
            return ESCAPED.charAt(known);
        }
        Matcher code = CODE.matcher(text).region(at, text.length());
        if (c != 'u' || !code.lookingAt()) {
            throw wrong("an escape");
        }
        at = code.end();
        return (char) Integer.parseInt(code.group(), 16);
    }

    private Object number() {
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        if (!number.lookingAt()) {
            throw wrong("a value");
        }
        at = number.end();
        try {
            if (number.group(1) == null && number.group(2) == null) {
                return Long.valueOf(number.group());
            }
        } catch (NumberFormatException tooLarge) {
            // A double has the magnitude.
        }
        return Double.valueOf(number.group());
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw wrong("`" + word + "`");
        }
        at += word.length();
        return value;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean skip(char wanted) {
        boolean found = peek() == wanted;
        at += found ? 1 : 0;
        return found;
    }

    private void expect(char wanted) {
        if (!skip(wanted)) {
            throw wrong("`" + wanted + "`");
        }
    }

    /** Returns the next character, or 0 at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private AlimockException wrong(String wanted) {
        return new AlimockException("not JSON: expected " + wanted + " at character " + at);
    }
}
