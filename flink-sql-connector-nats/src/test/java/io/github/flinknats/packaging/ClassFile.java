// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.packaging;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Of a class file: its version and every text in its constant pool, names and types included. */
final class ClassFile {

    private static final int UTF8 = 1;

    private final String file;
    private final int majorVersion;
    private final List<String> texts;

    private ClassFile(String file, int majorVersion, List<String> texts) {
        this.file = file;
        this.majorVersion = majorVersion;
        this.texts = texts;
    }

    static ClassFile parse(String file, byte[] content) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
            if (in.readInt() != 0xCAFEBABE) {
                throw new IOException(file + " is no class file");
            }
            in.readUnsignedShort(); // minor version
            int majorVersion = in.readUnsignedShort();
            List<String> texts = new ArrayList<>();
            int count = in.readUnsignedShort();
            for (int i = 1; i < count; i++) {
                int tag = in.readUnsignedByte();
                if (tag == UTF8) {
                    texts.add(in.readUTF());
                } else {
                    in.readFully(new byte[size(file, tag)]);
                }
                if (tag == 5 || tag == 6) {
                    i++; // a long or double takes two places
                }
            }
            return new ClassFile(file, majorVersion, texts);
        }
    }

    /** Bytes of a constant after its tag, by the table in the JVM specification, §4.4. */
    private static int size(String file, int tag) throws IOException {
        switch (tag) {
            case 7: // class
            case 8: // string
            case 16: // method type
            case 19: // module
            case 20: // package
                return 2;
            case 15: // method handle
                return 3;
            case 3: // int
            case 4: // float
            case 9: // field
            case 10: // method
            case 11: // interface method
            case 12: // name and type
            case 17: // dynamic
            case 18: // invoke dynamic
                return 4;
            case 5: // long
            case 6: // double
                return 8;
            default:
                throw new IOException(file + " has a constant of the unknown kind " + tag);
        }
    }

    String file() {
        return file;
    }

    /** The name that loads it. */
    String className() {
        return file.substring(0, file.length() - ".class".length()).replace('/', '.');
    }

    int majorVersion() {
        return majorVersion;
    }

    List<String> texts() {
        return texts;
    }
}
