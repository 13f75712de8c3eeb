// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.docs;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Every text that stands in Java sources, put together as the code puts it together: what is
 * concatenated or formatted is one text, with holes for what is only known at run time. Read with
 * the compiler's own parser.
 */
final class JavaTexts {
    /** What is said to operators, to developers, or before anything can go wrong. */
    private static final Set<String> NOT_AN_ERROR =
            Set.of("debug", "info", "warn", "error", "trace", "withDescription", "compile");

    private JavaTexts() {}

    /** One text: fixed pieces in order, null between two where something is filled in. */
    static final class Text {
        final String place;
        final List<String> pieces;

        Text(String place, List<String> pieces) {
            this.place = place;
            this.pieces = pieces;
        }

        /** The pieces that are fixed, in order. */
        List<String> fixed() {
            return pieces.stream().filter(piece -> piece != null).collect(Collectors.toList());
        }

        /** Whether it has two words in a row: a text for people, and not a key or a mark. */
        boolean isProse() {
            return fixed().stream()
                    .anyMatch(piece -> piece.matches("(?s).*\\p{L}[ ,;:]+'?\\p{L}.*"));
        }

        /** With a mark where something is filled in. */
        String template() {
            return pieces.stream()
                    .map(piece -> piece == null ? "<…>" : piece)
                    .collect(Collectors.joining());
        }

        @Override
        public String toString() {
            return place + " \"" + template() + '"';
        }
    }

    /**
     * All texts of the Java files below a directory.
     *
     * @param annotated whether those in annotations count, such as the cases of a test
     */
    static List<Text> below(Path directory, boolean annotated) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(directory)) {
            files =
                    found.filter(file -> file.toString().endsWith(".java"))
                            .sorted()
                            .collect(Collectors.toList());
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Text> texts = new ArrayList<>();
        try (StandardJavaFileManager manager =
                compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    manager,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    manager.getJavaFileObjectsFromPaths(files));
            for (CompilationUnitTree unit : task.parse()) {
                new Collector(unit, Trees.instance(task).getSourcePositions(), annotated, texts)
                        .collect();
            }
        }
        return texts;
    }

    private static final class Collector extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final boolean annotated;
        private final List<Text> texts;
        private final String file;
        private final Map<String, ExpressionTree> constants = new HashMap<>();

        Collector(
                CompilationUnitTree unit,
                SourcePositions positions,
                boolean annotated,
                List<Text> texts) {
            this.unit = unit;
            this.annotated = annotated;
            this.positions = positions;
            this.texts = texts;
            String path = unit.getSourceFile().getName();
            this.file = path.substring(path.lastIndexOf('/') + 1);
        }

        void collect() {
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitVariable(VariableTree variable, Void nothing) {
                    if (variable.getName().toString().matches("[A-Z][A-Z0-9_]*")
                            && variable.getType() != null
                            && variable.getType().toString().equals("String")
                            && variable.getInitializer() != null) {
                        constants.put(variable.getName().toString(), variable.getInitializer());
                    }
                    return super.visitVariable(variable, null);
                }
            }.scan(unit, null);
            scan(unit, null);
        }

        @Override
        public Void visitAnnotation(AnnotationTree annotation, Void nothing) {
            return annotated ? super.visitAnnotation(annotation, null) : null;
        }

        /** The constants of options describe themselves: that goes into the reference. */
        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            boolean described =
                    type.getImplementsClause().stream()
                            .anyMatch(one -> one.toString().equals("DescribedEnum"));
            for (Tree member : type.getMembers()) {
                boolean constant =
                        member instanceof VariableTree
                                && ((VariableTree) member).getType() != null
                                && ((VariableTree) member)
                                        .getType()
                                        .toString()
                                        .equals(type.getSimpleName().toString());
                if (!described || !constant) {
                    scan(member, null);
                }
            }
            return null;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            return method.getName().contentEquals("toString")
                    ? null
                    : super.visitMethod(method, null);
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
            String name = nameOf(call);
            if (NOT_AN_ERROR.contains(name)) {
                if (call.getMethodSelect() instanceof MemberSelectTree) {
                    scan(((MemberSelectTree) call.getMethodSelect()).getExpression(), null);
                }
                return null;
            }
            if (name.equals("format") && isText(call.getArguments().get(0))) {
                add(call, call.getArguments().get(0), true);
                call.getArguments().stream().skip(1).forEach(rest -> scan(rest, null));
                return null;
            }
            return super.visitMethodInvocation(call, null);
        }

        private static String nameOf(MethodInvocationTree call) {
            Tree select = call.getMethodSelect();
            return select instanceof MemberSelectTree
                    ? ((MemberSelectTree) select).getIdentifier().toString()
                    : select.toString();
        }

        @Override
        public Void visitBinary(BinaryTree sum, Void nothing) {
            if (sum.getKind() == Tree.Kind.PLUS && isText(sum)) {
                add(sum, sum, false);
                return null;
            }
            return super.visitBinary(sum, null);
        }

        @Override
        public Void visitLiteral(LiteralTree literal, Void nothing) {
            if (literal.getValue() instanceof String) {
                add(literal, literal, false);
            }
            return null;
        }

        private boolean isText(Tree tree) {
            if (tree instanceof BinaryTree) {
                BinaryTree sum = (BinaryTree) tree;
                return isText(sum.getLeftOperand()) || isText(sum.getRightOperand());
            }
            if (tree instanceof ParenthesizedTree) {
                return isText(((ParenthesizedTree) tree).getExpression());
            }
            if (tree instanceof MethodInvocationTree) {
                MethodInvocationTree call = (MethodInvocationTree) tree;
                return nameOf(call).equals("format") && isText(call.getArguments().get(0));
            }
            return (tree instanceof LiteralTree
                            && ((LiteralTree) tree).getValue() instanceof String)
                    || (tree instanceof IdentifierTree && constants.containsKey(tree.toString()));
        }

        private void add(Tree where, Tree text, boolean format) {
            List<String> pieces = new ArrayList<>();
            flatten(text, format, pieces);
            long line = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, where));
            texts.add(new Text(file + ":" + line, merged(pieces)));
        }

        private void flatten(Tree tree, boolean format, List<String> pieces) {
            if (tree instanceof BinaryTree && tree.getKind() == Tree.Kind.PLUS && isText(tree)) {
                flatten(((BinaryTree) tree).getLeftOperand(), format, pieces);
                flatten(((BinaryTree) tree).getRightOperand(), format, pieces);
            } else if (tree instanceof ParenthesizedTree) {
                flatten(((ParenthesizedTree) tree).getExpression(), format, pieces);
            } else if (tree instanceof LiteralTree && ((LiteralTree) tree).getValue() != null) {
                literal(String.valueOf(((LiteralTree) tree).getValue()), format, pieces);
            } else if (tree instanceof IdentifierTree && constants.containsKey(tree.toString())) {
                flatten(constants.get(tree.toString()), format, pieces);
            } else if (tree instanceof MethodInvocationTree && isText(tree)) {
                List<? extends ExpressionTree> arguments =
                        ((MethodInvocationTree) tree).getArguments();
                flatten(arguments.get(0), true, pieces);
                arguments.stream().skip(1).forEach(rest -> scan(rest, null));
            } else {
                pieces.add(null);
                scan(tree, null);
            }
        }

        private static void literal(String text, boolean format, List<String> pieces) {
            if (!format) {
                pieces.add(text);
                return;
            }
            String[] parts = text.split("%[-0-9.$,]*[a-zA-Z]", -1);
            for (int i = 0; i < parts.length; i++) {
                if (i > 0) {
                    pieces.add(null);
                }
                pieces.add(parts[i].replace("%%", "%").replace("%n", "\n"));
            }
        }

        private static List<String> merged(List<String> pieces) {
            List<String> merged = new ArrayList<>();
            for (String piece : pieces) {
                int last = merged.size() - 1;
                if (piece != null && last >= 0 && merged.get(last) != null) {
                    merged.set(last, merged.get(last) + piece);
                } else if (piece == null
                        ? last < 0 || merged.get(last) != null
                        : !piece.isEmpty()) {
                    merged.add(piece);
                }
            }
            return merged;
        }
    }
}
