package io.github.alimock.junit5;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test of a class, or one test, a world. Test methods and {@code @BeforeEach} methods can have a parameter
 * of type {@link io.github.alimock.AlimockWorld}; these, {@code @BeforeAll} methods and constructors can have one of
 * type {@link io.github.alimock.AlimockServer}.
 *
 * <pre>{@code
 * @Test
 * @Alimock(value = "key-leaked", as = "demo/ci")
 * void rotation(AlimockWorld world) { ... }
 * }</pre>
 *
 * <p>The annotation of a method replaces that of its class as a whole.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(AlimockExtension.class)
public @interface Alimock {
    /**
     * Name of a built-in scenario, or a scenario as YAML.
     *
     * @return the scenario; empty for {@link #file()}, or for the scenario that the server started with
     */
    String value() default "";

    /**
     * Scenario file: a resource beside the test class or at the root of the class path, or a path from the working
     * directory.
     *
     * @return the name; empty for none
     */
    String file() default "";

    /**
     * Caller whose credentials {@link io.github.alimock.AlimockWorld#env()} has: an account, or {@code account/user}.
     *
     * @return the caller; empty for the one that the scenario names
     */
    String as() default "";

    /**
     * Tells if a test that passed fails when something is not as the scenario expects.
     *
     * @return {@code false} to omit the check
     */
    boolean expect() default true;

    /**
     * Tells if a test that passed fails when a call was rejected unexpectedly. Expected are calls that a fault rule
     * rejected, and codes in {@link #refusals()}. It is off by default, because in most scenarios a rejected call is
     * what the test is about.
     *
     * @return {@code true} to check this
     */
    boolean failOnRefusals() default false;

    /**
     * Error codes that {@link #failOnRefusals()} accepts, such as {@code NoPermission}.
     *
     * @return the codes
     */
    String[] refusals() default {};
}
