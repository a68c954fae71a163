import { type SourceFile, SyntaxKind } from 'ts-morph';
import { expect, it } from 'vitest';
import { readSources, type Source } from './source-files.ts';

const sources = readSources(['src']);
const isHost = ({ path }: Source) => /^src\/(cli|editor|panel)\//.test(path);
const pure = sources.filter((source) => !isHost(source));

it('is synchronous below the hosts', () => {
  const wrong = pure.filter(
    ({ tree }) =>
      tree.getDescendantsOfKind(SyntaxKind.AsyncKeyword).length > 0 ||
      tree.getDescendantsOfKind(SyntaxKind.AwaitExpression).length > 0 ||
      tree.getDescendantsOfKind(SyntaxKind.Identifier).some((identifier) => identifier.getText() === 'Promise'),
  );
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

it('reads no clock, environment or console below the hosts', () => {
  const forbidden =
    /\b(Date\.now|new Date|Math\.random|performance\.now|setTimeout|setInterval|queueMicrotask|console\.\w+|globalThis|process\.(env|argv|cwd|platform|exit|stdout|stderr)|Buffer\.\w+|eval|new Function)\b/;
  const wrong = pure.flatMap((source) => {
    const found = forbidden.exec(codeOf(source.tree));
    return found ? [`${source.path}: ${found[0]}`] : [];
  });
  expect(wrong).toEqual([]);
});

it('throws nothing below the hosts, except inside a parser', () => {
  const wrong = pure.filter(
    ({ path, tree }) =>
      !path.startsWith('src/parse/') && tree.getDescendantsOfKind(SyntaxKind.ThrowStatement).length > 0,
  );
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

it('keeps no mutable state in a module', () => {
  expect(sources.flatMap((source) => stateOf(source))).toEqual([]);
});

const mutators = /^(push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear)$/;

function stateOf({ path, tree }: Source): string[] {
  return tree.getVariableStatements().flatMap((statement) =>
    statement.getDeclarations().flatMap((declaration) => {
      const name = declaration.getName();
      const where = `${path}: ${name}`;
      if (statement.getDeclarationKind() !== 'const') return [`${where} is not const`];
      const initializer = declaration.getInitializer()?.getText() ?? '';
      const type = declaration.getTypeNode()?.getText() ?? '';
      if (statement.isExported() && /^new (Weak)?(Map|Set)\b/.test(initializer) && !/^Readonly(Map|Set)/.test(type))
        return [`${where} is an exported collection without a Readonly type`];
      return isMutated(tree, name) ? [`${where} is changed`] : [];
    }),
  );
}

function isMutated(tree: SourceFile, name: string): boolean {
  const calls = tree.getDescendantsOfKind(SyntaxKind.CallExpression).map((call) => call.getExpression());
  const isCalled = calls.some((callee) => {
    const access = callee.asKind(SyntaxKind.PropertyAccessExpression);
    return access?.getExpression().getText() === name && mutators.test(access.getName());
  });
  const assigned = tree
    .getDescendantsOfKind(SyntaxKind.BinaryExpression)
    .filter((expression) =>
      /^([-+*/%&|^]|\*\*|<<|>>|>>>|&&|\|\||\?\?)?=$/.test(expression.getOperatorToken().getText()),
    );
  return (
    isCalled ||
    assigned.some(
      (expression) =>
        expression
          .getLeft()
          .getText()
          .match(/^\w+(?=[.[])/)?.[0] === name,
    )
  );
}

/** The text without comments and strings. */
function codeOf(tree: SourceFile): string {
  let text = tree.getFullText();
  const hide = (start: number, end: number) => {
    text = text.slice(0, start) + ' '.repeat(end - start) + text.slice(end);
  };
  const literals = [
    SyntaxKind.StringLiteral,
    SyntaxKind.NoSubstitutionTemplateLiteral,
    SyntaxKind.TemplateHead,
    SyntaxKind.TemplateMiddle,
    SyntaxKind.TemplateTail,
    SyntaxKind.RegularExpressionLiteral,
  ];
  for (const kind of literals)
    for (const literal of tree.getDescendantsOfKind(kind)) hide(literal.getStart(), literal.getEnd());
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
}
