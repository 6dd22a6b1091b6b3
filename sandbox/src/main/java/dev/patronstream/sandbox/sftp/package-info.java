/** An SSH file server (Apache MINA SSHD) inside the process. */
@NullMarked
package dev.patronstream.sandbox.sftp;

import org.jspecify.annotations.NullMarked;
