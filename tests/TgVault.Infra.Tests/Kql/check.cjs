// Reads { queries: [{ name, text, tables: { name: "(column:type, ...)" } }] }, writes [{ name, message }]:
// what Microsoft's Kusto parser and binder find wrong.
'use strict';

const service = '@kusto/language-service-next';
// Scripts for a page rather than modules: they leave Bridge and Kusto behind as globals.
require(`${service}/bridge.min.js`);
require(`${service}/Kusto.Language.Bridge.min.js`);

const { GlobalState, KustoCode, Symbols, Syntax } = Kusto.Language;

// The service refuses to compare these with each other; the binder says nothing. A dynamic value may be anything.
const kinds = {
  string: 'text', bool: 'truth', datetime: 'time', timespan: 'span', int: 'number', long: 'number', real: 'number', decimal: 'number',
};
const comparisons = [
  'EqualExpression', 'NotEqualExpression', 'LessThanExpression', 'LessThanOrEqualExpression', 'GreaterThanExpression',
  'GreaterThanOrEqualExpression',
].map((kind) => Syntax.SyntaxKind[kind]);

function database(tables) {
  const symbols = Object.entries(tables).map(([name, columns]) => Symbols.TableSymbol.From(columns).WithName(name));
  return GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('insights', symbols));
}

function* faults(code) {
  if (!(code.ResultType instanceof Symbols.TableSymbol)) yield 'It gives no table.';
  const diagnostics = code.GetDiagnostics();
  for (let i = 0; i < diagnostics.Count; i++) {
    const diagnostic = diagnostics.getItem(i);
    yield `${diagnostic.Code} at ${diagnostic.Start}: ${diagnostic.Message}`;
  }

  const found = [];
  Syntax.SyntaxElement.WalkNodes(code.Syntax, (node) => {
    if (!comparisons.includes(node.Kind)) return;
    const [left, right] = [node.Left.ResultType?.Name, node.Right.ResultType?.Name];
    if (kinds[left] && kinds[right] && kinds[left] !== kinds[right]) {
      found.push(`${left} is compared with ${right}: ${node.toString().trim()}`);
    }
  });
  yield* found;
}

const { queries } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const findings = queries.flatMap(({ name, text, tables }) =>
  [...faults(KustoCode.ParseAndAnalyze(text, database(tables)))].map((message) => ({ name, message })));
process.stdout.write(JSON.stringify(findings));
