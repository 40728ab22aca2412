/**
 * Starts alimock, makes worlds in it, and changes them. Each method is a call of the control API, which
 * {@code docs/control-api.md} describes.
 */
package io.github.alimock;
