package io.github.alimock;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A value of a response of the control API. Values do not change.
 *
 * <p>Example: {@code world.call("GET", "/accounts/demo/access-keys").get("accessKeys").get(0).get("status").text()}.
 */
public final class Json {
    private static final Json NULL = new Json(null);

    /** A map, a list, a text, a number, a boolean, or {@code null}. */
    private final Object value;

    private Json(Object value) {
        this.value = value;
    }

    /**
     * Reads a JSON text.
     *
     * @param text the text
     * @return its value
     * @throws AlimockException if the text is not JSON
     */
    public static Json parse(String text) {
        return new Json(new JsonReader(text).read());
    }

    /**
     * Makes a value of maps, iterables, texts, numbers, booleans, values of this class and {@code null}.
     *
     * @param value the value
     * @return the same as JSON
     * @throws IllegalArgumentException if the value, or one in it, is something else
     */
    public static Json of(Object value) {
        return new Json(plain(value));
    }

    private static Object plain(Object value) {
        if (value instanceof Json json) {
            return json.value;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> fields = new LinkedHashMap<>();
            map.forEach((name, field) -> fields.put(String.valueOf(name), plain(field)));
            return Collections.unmodifiableMap(fields);
        }
        if (value instanceof Iterable<?> elements) {
            List<Object> list = new ArrayList<>();
            elements.forEach(element -> list.add(plain(element)));
            return Collections.unmodifiableList(list);
        }
        if (value == null || value instanceof Boolean || value instanceof Number) {
            return value;
        }
        if (value instanceof CharSequence text) {
            return text.toString();
        }
        throw new IllegalArgumentException("no JSON for " + value.getClass().getName());
    }

    /**
     * Returns a field of an object.
     *
     * @param name name of the field
     * @return the field; JSON null if this value has no such field, or is no object
     */
    public Json get(String name) {
        return value instanceof Map<?, ?> fields && fields.get(name) != null ? new Json(fields.get(name)) : NULL;
    }

    /**
     * Returns an element of an array.
     *
     * @param index index of the element, from 0
     * @return the element
     * @throws AlimockException if this value is no array
     * @throws IndexOutOfBoundsException if the array has no such element
     */
    public Json get(int index) {
        return list().get(index);
    }

    /**
     * Returns the elements of an array.
     *
     * @return the elements
     * @throws AlimockException if this value is no array
     */
    public List<Json> list() {
        List<?> elements = as(List.class, "an array");
        return elements.stream().map(element -> new Json(element)).toList();
    }

    /**
     * Returns the fields of an object, in their order.
     *
     * @return the fields by name
     * @throws AlimockException if this value is no object
     */
    public Map<String, Json> fields() {
        Map<String, Json> fields = new LinkedHashMap<>();
        Map<?, ?> plain = as(Map.class, "an object");
        plain.forEach((name, field) -> fields.put((String) name, new Json(field)));
        return Collections.unmodifiableMap(fields);
    }

    /**
     * Returns a text.
     *
     * @return the text
     * @throws AlimockException if this value is no text
     */
    public String text() {
        return as(String.class, "a text");
    }

    /**
     * Returns a text, or another one instead of JSON null.
     *
     * @param otherwise the text instead of JSON null
     * @return the text
     * @throws AlimockException if this value is neither a text nor JSON null
     */
    public String textOr(String otherwise) {
        return isNull() ? otherwise : text();
    }

    /**
     * Returns an integer. A fraction is cut off.
     *
     * @return the number
     * @throws AlimockException if this value is no number
     */
    public long number() {
        return as(Number.class, "a number").longValue();
    }

    /**
     * Returns a boolean.
     *
     * @return the boolean
     * @throws AlimockException if this value is no boolean
     */
    public boolean isTrue() {
        return as(Boolean.class, "a boolean");
    }

    /**
     * Tells if this value is JSON null.
     *
     * @return {@code true} for JSON null, and for a field that an object does not have
     */
    public boolean isNull() {
        return value == null;
    }

    /**
     * Returns the value in Java's own types.
     *
     * @return a map, a list, a text, a {@link Long}, a {@link Double}, a boolean, or {@code null}
     */
    public Object value() {
        return value;
    }

    private <T> T as(Class<T> kind, String name) {
        if (!kind.isInstance(value)) {
            throw new AlimockException("not " + name + ": " + this);
        }
        return kind.cast(value);
    }

    /** Tells if both have the same value. Numbers of different types differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Json json && Objects.equals(value, json.value);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(value);
    }

    /** Returns the value as JSON on one line. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        write(value, text);
        return text.toString();
    }

    private static void write(Object value, StringBuilder text) {
        if (value instanceof Map<?, ?> fields) {
            String separator = "{";
            for (Map.Entry<?, ?> field : fields.entrySet()) {
                quote((String) field.getKey(), text.append(separator));
                write(field.getValue(), text.append(':'));
                separator = ",";
            }
            text.append(fields.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> elements) {
            String separator = "[";
            for (Object element : elements) {
                write(element, text.append(separator));
                separator = ",";
            }
            text.append(elements.isEmpty() ? "[]" : "]");
        } else if (value instanceof String string) {
            quote(string, text);
        } else {
            text.append(value);
        }
    }

    private static void quote(String string, StringBuilder text) {
        text.append('"');
        for (char c : string.toCharArray()) {
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
