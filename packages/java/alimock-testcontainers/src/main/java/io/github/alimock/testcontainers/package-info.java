/**
 * The Testcontainers module: alimock in a container.
 */
package io.github.alimock.testcontainers;
