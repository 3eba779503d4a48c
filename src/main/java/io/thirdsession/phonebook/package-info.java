/** Users' phone numbers, stored sealed and found by a keyed hash. */
@NullMarked
package io.thirdsession.phonebook;

import org.jspecify.annotations.NullMarked;
