package io.github.alimock;

/**
 * An AccessKey.
 *
 * @param id AccessKeyId
 * @param secret AccessKeySecret
 */
public record Key(String id, String secret) {}
