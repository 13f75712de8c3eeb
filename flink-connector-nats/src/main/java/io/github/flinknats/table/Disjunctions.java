// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.functions.FunctionIdentifier;

/**
 * Predicates of many alternatives, such as {@code IN} with a thousand values. The planner hands
 * them over as ORs of two, nested as deep as there are values, and has no stack to take that back.
 */
final class Disjunctions {
    private Disjunctions() {}

    private static boolean isOr(ResolvedExpression expression) {
        return expression instanceof CallExpression
                && ((CallExpression) expression).getFunctionName().equalsIgnoreCase("or");
    }

    /** The alternatives, in their order; the expression itself if it is no OR. */
    static List<ResolvedExpression> of(ResolvedExpression expression) {
        List<ResolvedExpression> alternatives = new ArrayList<>();
        Deque<ResolvedExpression> rest = new ArrayDeque<>();
        rest.push(expression);
        while (!rest.isEmpty()) {
            ResolvedExpression next = rest.pop();
            if (isOr(next)) {
                List<ResolvedExpression> children = next.getResolvedChildren();
                for (int i = children.size() - 1; i >= 0; i--) {
                    rest.push(children.get(i));
                }
            } else {
                alternatives.add(next);
            }
        }
        return alternatives;
    }

    /** The same predicate, nested no deeper than it must be. */
    static ResolvedExpression shallow(ResolvedExpression expression) {
        if (isOr(expression)) {
            List<ResolvedExpression> alternatives = new ArrayList<>();
            of(expression).forEach(each -> alternatives.add(shallow(each)));
            return anyOf((CallExpression) expression, alternatives);
        }
        if (!(expression instanceof CallExpression)) {
            return expression;
        }
        List<ResolvedExpression> children = new ArrayList<>();
        expression.getResolvedChildren().forEach(child -> children.add(shallow(child)));
        return children.equals(expression.getResolvedChildren())
                ? expression
                : call((CallExpression) expression, children);
    }

    private static ResolvedExpression call(CallExpression like, List<ResolvedExpression> children) {
        FunctionIdentifier name = like.getFunctionIdentifier().orElse(null);
        return name == null || like.isTemporary()
                ? like
                : CallExpression.permanent(
                        name, like.getFunctionDefinition(), children, like.getOutputDataType());
    }

    private static ResolvedExpression anyOf(CallExpression or, List<ResolvedExpression> of) {
        int middle = of.size() / 2;
        return of.size() == 1
                ? of.get(0)
                : call(
                        or,
                        List.of(
                                anyOf(or, of.subList(0, middle)),
                                anyOf(or, of.subList(middle, of.size()))));
    }
}
