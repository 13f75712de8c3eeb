// SPDX-License-Identifier: Apache-2.0
/**
 * Checks on the built uber jar, opened as a file: what is inside, under which names, and that it
 * works without the class path of the build. Nothing here touches a server; jobs run in the module
 * {@code e2e-tests}.
 */
package io.github.flinknats.packaging;
