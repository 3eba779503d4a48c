package io.thirdsession.phone;

/**
 * How phone numbers are taken.
 *
 * @param encrypted whether in the old way too (PHONE_ENCRYPTED)
 * @param sendsOpenId whether WeChat is to check that a code is the session's user's (PHONE_OPENID)
 */
public record PhoneSettings(EncryptedPhone encrypted, boolean sendsOpenId) {}
