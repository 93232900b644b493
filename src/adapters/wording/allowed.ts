/** Refuses, at load, every template that could put raw markup out or call what is not on the list. */
import Handlebars from 'handlebars';

/** The helpers a template may call; `if`, `unless` and `each` are stricter than Handlebars' own. */
export const helperNames = [
  'if',
  'unless',
  'each',
  'heading',
  'p',
  'list',
  'item',
  'fields',
  'field',
  'label',
  'say',
  'word',
  'terms',
  'instant',
  'localInstant',
  'slot',
] as const;
export type HelperName = (typeof helperNames)[number];

const known: ReadonlySet<string> = new Set(helperNames);

class Gatekeeper extends Handlebars.Visitor {
  readonly faults: string[] = [];
  readonly partials: ReadonlySet<string>;

  constructor(partials: ReadonlySet<string>) {
    super();
    this.partials = partials;
  }

  override MustacheStatement(node: hbs.AST.MustacheStatement): void {
    if (!node.escaped) this.faults.push(at(node, 'unescaped output is not allowed'));
    if (node.params.length > 0) this.checkCall(node, node.path);
    super.MustacheStatement(node);
  }

  override BlockStatement(node: hbs.AST.BlockStatement): void {
    this.checkCall(node, node.path);
    super.BlockStatement(node);
  }

  override SubExpression(node: hbs.AST.SubExpression): void {
    this.checkCall(node, node.path);
    super.SubExpression(node);
  }

  override PartialStatement(node: hbs.AST.PartialStatement): void {
    const name = 'original' in node.name ? node.name.original : '';
    if (!this.partials.has(name)) this.faults.push(at(node, `unknown partial ${name}`));
    super.PartialStatement(node);
  }

  override PartialBlockStatement(node: hbs.AST.PartialBlockStatement): void {
    this.faults.push(at(node, 'partial blocks are not allowed'));
  }

  override Decorator(node: hbs.AST.Decorator): void {
    this.faults.push(at(node, 'decorators are not allowed'));
  }

  override DecoratorBlock(node: hbs.AST.DecoratorBlock): void {
    this.faults.push(at(node, 'decorators are not allowed'));
  }

  private checkCall(node: hbs.AST.Node, path: hbs.AST.PathExpression | hbs.AST.Literal): void {
    const name = 'original' in path ? path.original : '';
    if (!known.has(name)) this.faults.push(at(node, `unknown helper ${name}`));
  }
}

function at(node: hbs.AST.Node, fault: string): string {
  return `line ${String(node.loc.start.line)}: ${fault}`;
}

/** Parses a template. Throws, naming it and every line at fault, unless it only uses what is allowed. */
export function parseAllowed(
  name: string,
  source: string,
  partials: ReadonlySet<string>,
): hbs.AST.Program {
  const program = Handlebars.parse(source);
  const gatekeeper = new Gatekeeper(partials);
  gatekeeper.accept(program);
  if (gatekeeper.faults.length > 0) {
    throw new Error(`template ${name} is refused: ${gatekeeper.faults.join('; ')}`);
  }
  return program;
}
