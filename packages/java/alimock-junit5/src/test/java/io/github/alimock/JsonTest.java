package io.github.alimock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "null", "true", "false", "0", "-12", "1.5", "\"\"",
        "\"张三 \\\" \\\\ \\u000a\"", "{\"a\":[1,{\"b\":null}],\"c\":\"d\"}", "9223372036854775807", "\"😀\""})
    void a_value_is_written_as_it_was_read(String text) {
        assertEquals(text, Json.parse(text).toString());
    }

    @Test
    void space_escapes_and_large_numbers_are_read() {
        Json read = Json.parse(
            " { \"a\" : [ 1 , 2e3 , 92233720368547758070 ] , \"b\" : \"\\u5F20\\n\\/\\ud83d\\ude00\" } \n");

        assertEquals(List.of(1L, 2000.0, 92233720368547758070.0), read.get("a").value());
        assertEquals("张\n/😀", read.get("b").text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "tru", "01", "1.", "-",
        "+1", "'a'", "\"a", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\u+123\"", "\"a\nb\"", "[] []", "{\"a\":1,}"})
    void other_texts_are_rejected(String text) {
        String message = assertThrows(AlimockException.class, () -> Json.parse(text)).getMessage();

        assertTrue(message.startsWith("not JSON: expected "), message);
    }

    @Test
    void an_absent_field_is_null_and_a_wrong_type_is_an_error() {
        Json read = Json.parse("{\"a\":null,\"b\":true}");

        assertTrue(read.get("a").isNull() && read.get("c").get("d").isNull() && read.get("b").isTrue());
        assertEquals("-", read.get("a").textOr("-"));
        assertEquals("not a text: true", assertThrows(AlimockException.class, () -> read.get("b").text()).getMessage());
        assertThrows(AlimockException.class, read::list);
    }

    @Test
    void maps_and_lists_become_json() {
        Object value = Map.of("a", Arrays.asList(1, null, Json.parse("[2]"), new StringBuilder("x")));

        assertEquals("{\"a\":[1,null,[2],\"x\"]}", Json.of(value).toString());
        assertEquals(Json.of(Map.of("a", "b")), Json.parse("{\"a\":\"b\"}"));
        assertThrows(IllegalArgumentException.class, () -> Json.of(List.of(new Object())));
    }
}
