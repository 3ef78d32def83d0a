/**
 * Mapping templates: the part of the Velocity Template Language that API Gateway's users need most. Text, references with
 * properties and methods, `#set`, `#if`, `#elseif`, `#else` and `#end`; everything else is refused when the template is read.
 */

/** What references are looked up in: objects, values, and functions for methods. */
export type TemplateScope = Readonly<Record<string, unknown>>;

export type Template = (scope: TemplateScope) => string;

type Evaluate = (scope: Record<string, unknown>) => unknown;
type Render = (scope: Record<string, unknown>) => string;

const NAME = /[A-Za-z_][\w-]*/y;

/** @param roots the variables that there are */
export function parseTemplate(text: string, roots: readonly string[], at: string): Template {
  const render = new Parser(text, new Set(roots), at).template();
  return (scope) => render({ ...scope });
}

class Parser {
  private position = 0;

  constructor(private readonly text: string, private readonly variables: Set<string>, private readonly at: string) {}

  template(): Render {
    const render = this.block();
    if (this.position < this.text.length) this.refuse(this.rest());
    return render;
  }

  /** Up to the end, or to a directive that ends or continues a condition. */
  private block(): Render {
    const parts: Render[] = [];
    while (this.position < this.text.length && !/^#\{?(end|else|elseif)\b/.test(this.rest())) parts.push(this.part());
    return (scope) => parts.map((part) => part(scope)).join('');
  }

  private part(): Render {
    const plain = this.take(/[^$#]+/y) ?? this.take(/\$(?![A-Za-z_{!])|#(?![A-Za-z#*{[])/y);
    if (plain !== undefined) return () => plain;
    if (this.take(/##[^\n]*\n?/y) !== undefined) return () => '';
    if (this.text[this.position] === '$') return rendered(this.reference());
    if (this.take(/#set\s*\(\s*/y) !== undefined) return this.assignment();
    if (this.take(/#if\s*/y) !== undefined) return this.condition();
    return this.refuse(this.rest());
  }

  private assignment(): Render {
    const path = this.path();
    this.expect(/\s*=\s*/y);
    const value = this.expression();
    this.expect(/\s*\)[ \t]*\n?/y);
    if (path.length > 1 && !/^context\.responseOverride\.(status|header\..+)$/.test(path.join('.'))) this.refuse(`#set($${path.join('.')}`);
    this.variables.add(path[0]);
    return (scope) => {
      let target = scope;
      for (const name of path.slice(0, -1)) target = (target[name] ??= {}) as Record<string, unknown>;
      target[path.at(-1)!] = value(scope);
      return '';
    };
  }

  private condition(): Render {
    this.expect(/\(\s*/y);
    const test = this.expression();
    this.expect(/\s*\)[ \t]*\n?/y);
    const then = this.block();
    const otherwise = this.otherwise();
    return (scope) => (isTrue(test(scope)) ? then : otherwise)(scope);
  }

  private otherwise(): Render {
    if (this.take(/#\{?elseif\}?\s*/y) !== undefined) return this.condition();
    const render = this.take(/#\{?else\}?[ \t]*\n?/y) === undefined ? () => '' : this.block();
    this.expect(/#\{?end\}?[ \t]*\n?/y);
    return render;
  }

  private expression(): Evaluate {
    const left = this.comparison();
    const operator = this.take(/\s*(?:&&|\|\|)\s*/y)?.trim();
    if (!operator) return left;
    const right = this.expression();
    return operator === '&&' ? (scope) => isTrue(left(scope)) && isTrue(right(scope)) : (scope) => isTrue(left(scope)) || isTrue(right(scope));
  }

  private comparison(): Evaluate {
    const left = this.operand();
    const operator = this.take(/\s*(?:==|!=)\s*/y)?.trim();
    if (!operator) return left;
    const right = this.operand();
    return (scope) => (String(left(scope)) === String(right(scope))) === (operator === '==');
  }

  private operand(): Evaluate {
    if (this.take(/!\s*/y) !== undefined) {
      const negated = this.operand();
      return (scope) => !isTrue(negated(scope));
    }
    if (this.take(/\(\s*/y) !== undefined) {
      const inner = this.expression();
      this.expect(/\s*\)/y);
      return inner;
    }
    if (this.text[this.position] === '$') return this.reference();
    const word = this.take(/true\b|false\b|-?\d+(?:\.\d+)?/y);
    if (word !== undefined) return () => JSON.parse(word) as unknown;
    const single = this.take(/'[^']*'/y);
    if (single !== undefined) return () => single.slice(1, -1);
    const double = this.take(/"[^"]*"/y);
    if (double === undefined) this.refuse(this.rest());
    return new Parser(double!.slice(1, -1), this.variables, this.at).template();
  }

  /** `$name.property.method(...)`, also in braces and with an exclamation mark. */
  private reference(): Evaluate {
    const start = this.position;
    this.expect(/\$!?/y);
    const braced = this.take(/\{/y) !== undefined;
    const root = this.expect(NAME);
    if (!this.variables.has(root)) this.refuse(this.text.slice(start));
    let value: Evaluate = (scope) => scope[root];
    while (this.take(/\.(?=[A-Za-z_])/y) !== undefined) value = this.member(value, this.expect(NAME));
    if (braced) this.expect(/\}/y);
    return value;
  }

  private member(of: Evaluate, name: string): Evaluate {
    if (this.take(/\(\s*/y) === undefined) return (scope) => (of(scope) as Record<string, unknown> | undefined)?.[name];
    const args: Evaluate[] = [];
    while (this.take(/\s*\)/y) === undefined) {
      if (args.length > 0) this.expect(/\s*,\s*/y);
      args.push(this.expression());
    }
    if (!METHODS.has(name)) this.refuse(`${name}(`);
    return (scope) => {
      const target = of(scope) as Record<string, unknown> | undefined;
      const given = args.map((arg) => arg(scope));
      const method = target?.[name];
      if (typeof method === 'function') return (method as (...values: unknown[]) => unknown)(...given);
      return name === 'get' ? target?.[String(given[0])] ?? '' : undefined;
    };
  }

  private path(): string[] {
    this.expect(/\$/y);
    const names = [this.expect(NAME)];
    while (this.take(/\./y) !== undefined) names.push(this.expect(NAME));
    return names;
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const [found] = pattern.exec(this.text) ?? [];
    this.position += found?.length ?? 0;
    return found;
  }

  private expect(pattern: RegExp): string {
    return this.take(pattern) ?? this.refuse(this.rest());
  }

  private rest(): string {
    return this.text.slice(this.position);
  }

  private refuse(what: string): never {
    throw new Error(`${this.at} has a mapping template that the local runner does not understand at ${JSON.stringify(what.slice(0, 40))}`);
  }
}

const METHODS: ReadonlySet<string> = new Set([
  'base64Decode', 'base64Encode', 'escapeJavaScript', 'get', 'json', 'params', 'parseJson', 'path', 'urlDecode', 'urlEncode',
]);

function rendered(value: Evaluate): Render {
  return (scope) => {
    const found = value(scope) ?? '';
    return typeof found === 'object' ? JSON.stringify(found) : String(found as string | number | boolean);
  };
}

function isTrue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}
