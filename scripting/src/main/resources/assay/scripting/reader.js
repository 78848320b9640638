// Reads texts with a whole parser: what the engine could not read, and functions that are to stand by
// themselves. Runs in the realm of the script, and only when it is asked to. Text in, text and numbers out.
(function (parse, parseExpression) {
    'use strict';

    const TYPES = ['typeAnnotation', 'returnType', 'typeParameters', 'typeArguments', 'superTypeParameters',
        'superTypeArguments', 'predicate', 'variance'];
    const ERASED = ['TSInterfaceDeclaration', 'TSTypeAliasDeclaration', 'TSDeclareFunction', 'TSDeclareMethod',
        'TSIndexSignature', 'TSNamespaceExportDeclaration'];
    const KEPT_FOR_EVER = {
        TSEnumDeclaration: 'An enum',
        TSModuleDeclaration: 'A namespace',
        TSParameterProperty: 'A parameter with public, private, protected or readonly before it',
        TSImportEqualsDeclaration: "An import with '='",
        TSExportAssignment: "An export with '='",
        Decorator: 'A decorator',
    };
    const MODIFIERS = ['public', 'private', 'protected', 'readonly', 'override', 'abstract', 'declare'];
    const ENDED_BY_LINE = ['ExpressionStatement', 'VariableDeclaration', 'ReturnStatement', 'ThrowStatement',
        'ClassProperty', 'ClassPrivateProperty', 'ClassAccessorProperty'];

    const options = recovers => ({
        sourceType: 'module',
        allowAwaitOutsideFunction: true,
        allowReturnOutsideFunction: true,
        allowUndeclaredExports: true,
        createParenthesizedExpressions: true,
        errorRecovery: recovers,
        attachComment: false,
        plugins: ['typescript', ['decorators', { version: '2023-11' }]],
    });

    const isNode = value => typeof value === 'object' && value !== null && typeof value.type === 'string';

    const eachChild = (node, visit) => {
        for (const name of Object.keys(node)) {
            const value = node[name];
            if (Array.isArray(value)) {
                for (const one of value) if (isNode(one)) visit(one, name);
            } else if (isNode(value) && name !== 'loc') {
                visit(value, name);
            }
        }
    };

    // ---- TypeScript without its types: the same text with spaces in their place

    class Eraser {
        constructor(text) {
            this.text = text;
            this.characters = text.split('');
            this.problem = undefined;
        }

        result() {
            return this.characters.join('');
        }

        blank(from, to) {
            for (let i = from; i < to; i++) {
                const c = this.characters[i];
                if (c !== '\n' && c !== '\r') this.characters[i] = ' ';
            }
        }

        // Where the next word or mark begins, comments and white space aside.
        next(at) {
            const { text } = this;
            for (;;) {
                if (/\s/.test(text[at] ?? 'x')) at++;
                else if (text.startsWith('//', at)) at = this.find('\n', at);
                else if (text.startsWith('/*', at)) at = this.find('*/', at) + 2;
                else return at;
            }
        }

        find(mark, at) {
            const found = this.text.indexOf(mark, at);
            return found < 0 ? this.text.length : found;
        }

        blankMark(mark, at) {
            const found = this.next(at);
            if (this.text[found] === mark) this.blank(found, found + 1);
        }

        // A statement that goes leaves the end of the one before it behind.
        blankStatement(node, isFirst) {
            this.blank(node.start, node.end);
            if (!isFirst) this.characters[node.start] = ';';
        }

        refuse(node) {
            this.problem ??= { what: KEPT_FOR_EVER[node.type], at: node.start };
        }

        modifiers(node) {
            const stop = (node.key ?? node.id ?? node.body).start;
            let at = node.start;
            let first;
            while (at < stop) {
                const word = /^[a-z]+/.exec(this.text.slice(at, stop))?.[0] ?? this.text[at];
                if (MODIFIERS.includes(word)) {
                    first ??= at;
                    this.blank(at, at + word.length);
                }
                at = this.next(at + word.length);
            }
            if (first !== undefined && (node.computed || node.generator)) this.characters[first] = ';';
        }

        // The mark in `a?: T`, `{ a }?: T`, `b!: T` and `c?()`.
        mark(node) {
            switch (node.type) {
                case 'Identifier':
                    if (node.optional) this.blankMark('?', node.start + node.name.length);
                    break;
                case 'ObjectPattern':
                case 'ArrayPattern':
                    if (node.optional) {
                        const at = this.text.lastIndexOf('?', node.typeAnnotation?.start ?? node.end);
                        this.blank(at, at + 1);
                    }
                    break;
                case 'VariableDeclarator':
                    if (node.definite) this.blankMark('!', node.id.start + node.id.name.length);
                    break;
                case 'ClassProperty':
                case 'ClassPrivateProperty':
                case 'ClassMethod': {
                    const from = node.computed ? this.find(']', node.key.end) + 1 : node.key.end;
                    if (node.optional) this.blankMark('?', from);
                    if (node.definite) this.blankMark('!', from);
                    break;
                }
                default:
            }
        }

        // `(a): {\n b: 1\n} => c`: no line may end between the bracket and the arrow.
        arrowType(node) {
            const type = node.returnType;
            if (!this.text.slice(type.start, type.end).includes('\n')) return;
            let close = type.start - 1;
            while (this.text[close] !== ')') close--;
            this.characters[close] = ' ';
            this.characters[type.end - 1] = ')';
        }

        withComma(node) {
            const after = this.next(node.end);
            this.blank(node.start, this.text[after] === ',' ? after + 1 : node.end);
        }

        statements(body) {
            let kept = false;
            for (const one of body) {
                this.visit(one, undefined, !kept);
                kept ||= !this.isErased(one);
            }
        }

        isErased(node) {
            return ERASED.includes(node.type) || node.declare === true
                || node.importKind === 'type' || this.importsTypesOnly(node) || node.exportKind === 'type'
                || (node.type === 'ExportNamedDeclaration' && node.declaration != null && this.isErased(node.declaration))
                || (node.type === 'TSModuleDeclaration' && node.declare === true)
                || (node.abstract === true && node.type !== 'ClassDeclaration');
        }

        importsTypesOnly(node) {
            return node.type === 'ImportDeclaration' && node.specifiers.length > 0
                && node.specifiers.every(one => one.importKind === 'type');
        }

        visit(node, parent, isFirst = false) {
            if (this.isErased(node) && !node.type.endsWith('Specifier')) {
                this.blankStatement(node, isFirst);
                return;
            }
            if (node.type in KEPT_FOR_EVER) {
                this.refuse(node);
                return;
            }
            switch (node.type) {
                case 'Program':
                case 'BlockStatement':
                case 'StaticBlock':
                    this.statements(node.body);
                    return;
                case 'ClassBody':
                    this.statements(node.body);
                    return;
                case 'ImportSpecifier':
                    if (node.importKind === 'type') this.withComma(node);
                    return;
                case 'TSAsExpression':
                case 'TSSatisfiesExpression':
                case 'TSNonNullExpression':
                case 'TSInstantiationExpression':
                    this.blank(node.expression.end, node.end);
                    this.visit(node.expression, node);
                    return;
                case 'TSTypeAssertion':
                    this.blank(node.start, node.expression.start);
                    this.visit(node.expression, node);
                    return;
                default:
            }
            if (node.accessibility || node.readonly || node.override || node.abstract) this.modifiers(node);
            this.mark(node);
            if (node.implements?.length > 0) {
                const from = this.text.lastIndexOf('implements', node.implements[0].start);
                this.blank(from, node.implements.at(-1).end);
            }
            if (node.params?.[0]?.type === 'Identifier' && node.params[0].name === 'this') this.withComma(node.params[0]);
            eachChild(node, (child, name) => {
                if (name === 'implements') return;
                if (TYPES.includes(name)) this.blank(child.start, child.end);
                else this.visit(child, node);
            });
            if (node.type === 'ArrowFunctionExpression' && node.returnType) this.arrowType(node);
            if (node.type === 'ObjectMethod' || node.type === 'ClassMethod') return;
            const isInHead = parent !== undefined && /^For/.test(parent.type) && parent.body !== node;
            const last = node.end - 1;
            if (ENDED_BY_LINE.includes(node.type) && !isInHead && this.characters[last] === ' ' && this.text[last] !== ' ') {
                let first = last;
                while (first > node.start && this.characters[first - 1] === ' ') first--;
                this.characters[first] = ';';
            }
        }
    }

    const erased = (text, tree) => {
        const eraser = new Eraser(text);
        eraser.visit(tree);
        return eraser.problem === undefined ? ['erased', eraser.result(), 0]
            : ['kept', eraser.problem.what, eraser.problem.at];
    };

    // What the text is when it is TypeScript, or what is wrong with it.
    const read = text => {
        try {
            return erased(text, parse(text, options(false)).program);
        } catch (problem) {
            if (typeof problem.pos !== 'number') throw problem;
            try {
                return erased(text, parseExpression(text, options(false)));
            } catch {
                return cause(text, problem);
            }
        }
    };

    // The first thing that is wrong is often only the consequence of a missing `async`.
    const cause = (text, problem) => {
        let errors = [problem];
        try {
            errors = parse(text, options(true)).errors;
        } catch {
            // It is beyond recovery.
        }
        const first = errors.find(one => one.reasonCode === 'AwaitNotInAsyncContext') ?? problem;
        return ['wrong', String(first.reasonCode), first.pos];
    };

    // ---- variables from outside

    const namesOf = (pattern, names) => {
        switch (pattern?.type) {
            case 'Identifier': names.add(pattern.name); break;
            case 'ObjectPattern': for (const one of pattern.properties) namesOf(one.argument ?? one.value, names); break;
            case 'ArrayPattern': for (const one of pattern.elements) namesOf(one, names); break;
            case 'RestElement': namesOf(pattern.argument, names); break;
            case 'AssignmentPattern': namesOf(pattern.left, names); break;
            default:
        }
    };

    const isFunction = node => /Function|Method$/.test(node.type);

    // Names that `var` and functions declare anywhere below, other functions aside.
    const hoisted = (node, names) => {
        if (node.type === 'VariableDeclaration' && node.kind === 'var') {
            for (const one of node.declarations) namesOf(one.id, names);
        }
        eachChild(node, child => {
            if (child.type === 'FunctionDeclaration') namesOf(child.id, names);
            else if (!isFunction(child) && !/^Class/.test(child.type)) hoisted(child, names);
        });
    };

    const declared = (statements, names) => {
        for (const one of statements) {
            if (one.type === 'VariableDeclaration') for (const each of one.declarations) namesOf(each.id, names);
            else if (/^(Class|Function)Declaration$/.test(one.type)) namesOf(one.id, names);
        }
        return names;
    };

    class Scopes {
        constructor(globals) {
            this.scopes = [new Set(globals)];
            this.outside = new Set();
        }

        within(names, look) {
            this.scopes.push(names);
            look();
            this.scopes.pop();
        }

        use(name) {
            if (!this.scopes.some(scope => scope.has(name))) this.outside.add(name);
        }

        children(node) {
            eachChild(node, child => this.look(child));
        }

        function(node) {
            const names = new Set();
            if (node.type !== 'ArrowFunctionExpression') names.add('arguments');
            if (node.type === 'FunctionExpression') namesOf(node.id, names);
            for (const one of node.params) namesOf(one, names);
            hoisted(node.body, names);
            if (node.computed) this.look(node.key);
            this.within(names, () => {
                for (const one of node.params) this.pattern(one);
                this.look(node.body);
            });
        }

        // The names of a pattern are declared already; its defaults and computed keys are looked at.
        pattern(node) {
            switch (node?.type) {
                case 'ObjectPattern':
                    for (const one of node.properties) {
                        if (one.computed) this.look(one.key);
                        this.pattern(one.argument ?? one.value);
                    }
                    break;
                case 'ArrayPattern': for (const one of node.elements) this.pattern(one); break;
                case 'RestElement': this.pattern(node.argument); break;
                case 'AssignmentPattern': this.pattern(node.left); this.look(node.right); break;
                case undefined: break;
                default: this.look(node);
            }
        }

        look(node) {
            if (isFunction(node)) return this.function(node);
            switch (node.type) {
                case 'Identifier':
                    return this.use(node.name);
                case 'BlockStatement':
                case 'StaticBlock':
                    return this.within(declared(node.body, new Set()), () => this.children(node));
                case 'SwitchStatement':
                    this.look(node.discriminant);
                    return this.within(declared(node.cases.flatMap(one => one.consequent), new Set()),
                        () => node.cases.forEach(one => this.children(one)));
                case 'ForStatement':
                case 'ForInStatement':
                case 'ForOfStatement':
                    return this.within(declared([node.init ?? node.left].filter(isNode), new Set()),
                        () => this.children(node));
                case 'CatchClause': {
                    const names = new Set();
                    namesOf(node.param, names);
                    return this.within(names, () => {
                        this.pattern(node.param ?? undefined);
                        this.look(node.body);
                    });
                }
                case 'ClassExpression':
                case 'ClassDeclaration': {
                    const names = new Set();
                    namesOf(node.id, names);
                    return this.within(names, () => this.children(node));
                }
                case 'VariableDeclarator':
                    this.pattern(node.id);
                    return node.init == null ? undefined : this.look(node.init);
                case 'ObjectPattern':
                case 'ArrayPattern':
                    return this.pattern(node);
                case 'MemberExpression':
                case 'OptionalMemberExpression':
                    this.look(node.object);
                    return node.computed ? this.look(node.property) : undefined;
                case 'ObjectProperty':
                case 'ClassProperty':
                case 'ClassAccessorProperty':
                    if (node.computed) this.look(node.key);
                    return node.value == null ? undefined : this.look(node.value);
                case 'ClassPrivateProperty':
                    return node.value == null ? undefined : this.look(node.value);
                case 'LabeledStatement':
                    return this.look(node.body);
                case 'BreakStatement':
                case 'ContinueStatement':
                case 'MetaProperty':
                case 'PrivateName':
                    return undefined;
                default:
                    return this.children(node);
            }
        }
    }

    const outside = (source, globals) => {
        const scopes = new Scopes(globals);
        scopes.look(parseExpression(source, options(false)));
        return [...scopes.outside].join(',');
    };

    // ---- import('…')

    const imports = text => {
        const found = [];
        const look = node => {
            if (node.type === 'CallExpression' && node.callee.type === 'Import') {
                const [module] = node.arguments;
                if (module?.type === 'StringLiteral') found.push(node.start, node.end, module.value);
            }
            eachChild(node, look);
        };
        look(parse(text, options(false)).program);
        return found;
    };

    return { read, outside: (source, globals) => outside(source, globals.split(',')), imports };
});
