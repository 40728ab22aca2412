/**
 * The extension of JUnit 5: a world for each test, in one emulator for the whole run.
 */
package io.github.alimock.junit5;
