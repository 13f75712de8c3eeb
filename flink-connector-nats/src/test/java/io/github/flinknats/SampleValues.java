// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats;

import io.github.flinknats.client.Secret;
import io.github.flinknats.client.ServerList;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.VarCharType;
import org.jspecify.annotations.Nullable;

/**
 * Makes a value of any class of ours by filling its fields, past constructors and what they check:
 * equality and serialization must not depend on that.
 */
final class SampleValues {
    /** Is in every sample that holds a secret. */
    static final String SECRET = "geheim";

    private SampleValues() {}

    /** The n-th sample of a type: equal for the same number, different for another one. */
    static Object of(Type type, int number) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType) {
            ParameterizedType generic = (ParameterizedType) type;
            return collection((Class<?>) generic.getRawType(), generic, number);
        }
        Class<?> c = (Class<?>) type;
        Object simple = simple(c, number);
        if (simple != null) {
            return simple;
        }
        if (c.isEnum()) {
            return c.getEnumConstants()[number];
        }
        Object value = allocate(c);
        for (Field field : fields(c)) {
            field.set(value, of(field.getGenericType(), number));
        }
        return value;
    }

    private static @Nullable Object simple(Class<?> c, int number) {
        if (c == String.class) {
            return "text" + number;
        } else if (c == boolean.class || c == Boolean.class) {
            return number == 1;
        } else if (c == int.class || c == Integer.class) {
            return 7 + number;
        } else if (c == long.class || c == Long.class) {
            return 70_000_000_000L + number;
        } else if (c == Double.class) {
            return 0.5 + number;
        } else if (c == Duration.class) {
            return Duration.ofSeconds(1 + number);
        } else if (c == Instant.class) {
            return Instant.ofEpochSecond(1 + number, 1);
        } else if (c == DataType.class) {
            return DataTypes.ROW(DataTypes.FIELD("f" + number, DataTypes.INT()));
        } else if (c == LogicalType.class) {
            return new VarCharType(1 + number);
        } else if (c == Secret.class) {
            return Secret.of(SECRET + number);
        } else if (c == ServerList.class) {
            return ServerList.parse("nats://u:" + SECRET + "@h" + number + ":4222");
        }
        return null;
    }

    private static Object collection(Class<?> raw, ParameterizedType type, int number)
            throws ReflectiveOperationException {
        Type[] arguments = type.getActualTypeArguments();
        if (Map.class.isAssignableFrom(raw)) {
            Map<Object, Object> map =
                    raw == TreeMap.class ? new TreeMap<>() : new LinkedHashMap<>();
            map.put(of(arguments[0], number), of(arguments[1], number));
            return map;
        }
        if (Collection.class.isAssignableFrom(raw)) {
            return new ArrayList<>(Arrays.asList(of(arguments[0], number)));
        }
        throw new IllegalArgumentException("No sample of " + type + ": teach SampleValues.");
    }

    /** The fields that make up a value. */
    static List<Field> fields(Class<?> type) {
        return Arrays.stream(type.getDeclaredFields())
                .filter(f -> !Modifier.isStatic(f.getModifiers()) && !f.isSynthetic())
                .peek(f -> f.setAccessible(true))
                .collect(Collectors.toList());
    }

    static boolean isNullable(Field field) {
        return field.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static Object allocate(Class<?> type) throws ReflectiveOperationException {
        Class<?> factoryClass = Class.forName("sun.reflect.ReflectionFactory");
        Object factory = factoryClass.getMethod("getReflectionFactory").invoke(null);
        Method method =
                factoryClass.getMethod(
                        "newConstructorForSerialization", Class.class, Constructor.class);
        Constructor<?> constructor =
                (Constructor<?>)
                        method.invoke(factory, type, Object.class.getDeclaredConstructor());
        return constructor.newInstance();
    }
}
