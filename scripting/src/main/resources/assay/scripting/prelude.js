// Runs once in every realm, before the script and marked as internal. It takes away what no limit can
// bound, builds `$`, `console` and a world without time or chance, and is the only code that speaks to
// the host. Scripts may change every built-in of their realm, so whatever is needed after they have
// started is copied here first.
//
//   host(name, json)                 one call; JSON, or '!' and the JSON of a refusal
//   write(line)                      one line of the log
//   returned(json)                   the value of the script
//   threw(message, error, refusal)   what the script threw, and the JSON of the host's refusal if it was one
//   outside(function, globals)       the variables that a function needs beside these, as `a,b`
//   describe                         JSON text of what `$` holds
//
// A host function that answers null has ended the script: nothing of it may run any more.
(function (host, write, returned, threw, outside, describe) {
    'use strict';

    const { parse, stringify } = JSON;
    const { apply, construct, ownKeys } = Reflect;
    const { create, defineProperty, freeze, keys } = Object;
    const { isArray } = Array;
    const { min } = Math;
    const text = String;
    const { endsWith, includes, replaceAll, startsWith, substring, toLowerCase } = String.prototype;
    const { toString: functionText } = Function.prototype;
    const { add: put, has: isIn } = WeakSet.prototype;
    const { exec: match, test: matches } = RegExp.prototype;
    const compile = Function;
    const DateType = Date;
    const AggregateType = AggregateError;
    const ErrorType = Error;
    const TypeErrorType = TypeError;
    const ProxyType = Proxy;
    const { then } = Promise.prototype;
    const resolved = Promise.resolve.bind(Promise);
    const rejected = Promise.reject.bind(Promise);
    const { get: recall, set: remember } = WeakMap.prototype;
    const refusals = new WeakMap();

    // Functions that take a hook away: a script that ends with one does not mean to call it.
    const removers = new WeakSet();

    const until = answer => {
        if (answer === null) for (;;);
        return answer;
    };
    const define = (object, name, value) =>
        defineProperty(object, name, { value, writable: true, enumerable: false, configurable: true });
    const cut = (string, length) => apply(substring, string, [0, length]);

    // ---- errors

    // A refusal as the host has told it.
    const refusal = json => {
        const members = parse(json);
        const error = new ErrorType(members.message);
        const names = ownKeys(members);
        for (let i = 0; i < names.length; i++) {
            if (names[i] !== 'stack') {
                const value = members[names[i]];
                defineProperty(error, names[i], { value, writable: true, enumerable: true, configurable: true });
            }
        }
        apply(remember, refusals, [error, json]);
        return error;
    };

    // One of our own. Without a prototype no toJSON of the script gets at it.
    const refused = (reason, message, repair, field) =>
        refusal(stringify(field === undefined ? { __proto__: null, reason, message, repair }
            : { __proto__: null, reason, message, repair, field }));

    const describeError = error => {
        const message = text(error.message);
        const name = apply(recall, refusals, [error]) === undefined ? text(error.name) : 'Error';
        return message === '' ? name : name === 'Error' ? message : name + ': ' + message;
    };

    const show = value => {
        try {
            if (typeof value === 'string') return value;
            if (typeof value !== 'object' || value === null) return text(value);
            if (value instanceof ErrorType) return describeError(value);
            try {
                const json = stringify(value);
                return json === undefined ? text(value) : json;
            } catch {
                return text(value);
            }
        } catch {
            return '[cannot be printed]';
        }
    };

    // Verbs that a noun does not have and that were looked at: name of the verb -> nouns.
    const absent = create(null);
    const notCallable = /([\w$]+) is not a function$/;

    const notAVerb = () => refused('unknown_verb', '$ and its nouns are called like functions, which they are not.',
        "Call a member, as in $.Experiment.find() or $.search({ query: 'cart' }).");

    // What calling one of those means. The engine only knows that null is not a function.
    const absence = error => {
        try {
            if (!(error instanceof TypeErrorType)) return undefined;
            const message = text(error.message);
            // The only proxies that a script sees are $ and its nouns.
            if (cut(message, 6) === 'Proxy(') return notAVerb();
            const found = apply(match, notCallable, [message]);
            const nouns = found === null ? undefined : absent[found[1]];
            if (nouns === undefined) return undefined;
            let noun = nouns.length === 1 ? nouns[0] : undefined;
            for (let i = 0; i < nouns.length; i++) {
                if (apply(includes, message, [nouns[i] + '.'])) noun = nouns[i];
            }
            return noun === undefined ? undefined : withoutVerb(noun, found[1]);
        } catch {
            return undefined;
        }
    };

    // The engine hands over several unhandled rejections as one error that says nothing.
    const firstOf = error => {
        try {
            const isMany = error instanceof AggregateType && error.message === 'Unhandled promise rejections';
            return isMany && error.errors.length > 0 ? error.errors[0] : error;
        } catch {
            return error;
        }
    };

    const fail = (thrown, prefix = '') => {
        const error = firstOf(thrown);
        const instead = absence(error) ?? error;
        return until(threw(prefix + cut(show(instead), 1000), error, apply(recall, refusals, [instead])));
    };

    // ---- did you mean

    // Edits that turn one word into the other; two neighbours that changed places are one edit.
    const distance = (a, b) => {
        let beforeLast = [];
        let last = [];
        for (let j = 0; j <= b.length; j++) last[j] = j;
        for (let i = 1; i <= a.length; i++) {
            const row = [i];
            for (let j = 1; j <= b.length; j++) {
                const differs = a[i - 1] === b[j - 1] ? 0 : 1;
                row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + differs);
                if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
                    row[j] = min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length];
    };

    const nearest = (word, names) => {
        const wanted = apply(toLowerCase, word, []);
        let best;
        let least = word.length <= 4 ? 2 : word.length <= 8 ? 3 : 4;
        for (let i = 0; i < names.length; i++) {
            const edits = distance(wanted, apply(toLowerCase, names[i], []));
            if (edits < least) {
                least = edits;
                best = names[i];
            }
        }
        return best;
    };

    const list = (names, without) => {
        let all = '';
        for (let i = 0; i < names.length; i++) {
            if (names[i] !== without) all += (all === '' ? '' : ', ') + names[i];
        }
        return all;
    };

    // `shown` are those of the names that the repair lists.
    const unknown = (reason, problem, word, names, shown, path, nothing) => {
        const close = nearest(word, names);
        const others = list(shown, close);
        const repair =
            names.length === 0 ? nothing
            : close === undefined ? 'Use one of these members of ' + path + ': ' + others + '.'
            : others === '' ? 'Use ' + path + '.' + close + '.'
            : 'Use ' + path + '.' + close + ', or another of ' + others + '.';
        const message = problem + (close === undefined ? '' : ' Did you mean ' + close + '?');
        return refusal(stringify({ reason, message, repair, given: word, suggestion: close }));
    };

    // ---- $

    const readOnly = () => {
        throw new TypeErrorType('$ cannot be changed by a script.');
    };

    // What `make` gives for each of `names`, made when it is first asked for. Asking for a name that
    // is not there throws what `missing` says, except for those that the language itself asks for.
    const directory = (names, make, missing) => {
        const known = create(null);
        for (let i = 0; i < names.length; i++) known[names[i]] = undefined;
        const member = name => {
            if (known[name] === undefined) known[name] = make(name);
            return known[name];
        };
        return new ProxyType({}, {
            get(target, name) {
                const made = known[name];
                if (made !== undefined) return made;
                if (name in known) return member(name);
                if (typeof name === 'symbol' || name === 'then' || name === 'toJSON' || name in target) {
                    return target[name];
                }
                throw missing(cut(name, 60));
            },
            has: (target, name) => name in known || name in target,
            ownKeys: () => ownKeys(known),
            getOwnPropertyDescriptor: (target, name) =>
                name in known
                    ? { value: member(name), writable: false, enumerable: true, configurable: true }
                    : undefined,
            set: readOnly,
            defineProperty: readOnly,
            deleteProperty: readOnly,
            setPrototypeOf: readOnly,
            preventExtensions: readOnly,
        });
    };

    const invalid = (message, repair, field) => refused('invalid_value', message, repair, field);

    // JSON has no word for functions and symbols, which it leaves out, nor for NaN, the infinities and
    // dates that are none: it writes null, which would be taken for something else.
    const storable = function (name, value) {
        const kind = typeof value;
        const isLost = kind === 'function' || kind === 'symbol';
        const isNumber = kind === 'number' && value - value !== 0;
        if (isLost || isNumber || (value === null && this[name] instanceof DateType)) {
            const inArray = isArray(this);
            throw invalid(
                (inArray ? 'An element of an array' : "'" + cut(name, 60) + "'")
                    + ' is ' + (isLost ? 'a ' + kind : isNumber ? value : 'an invalid date')
                    + ', which cannot be stored: '
                    + (isLost ? 'functions and symbols' : 'NaN, Infinity and invalid dates') + ' are not JSON.',
                isLost ? 'Send the value itself in its place: text, a number, true, false, null, a list or an object.'
                    : 'Send a finite number or a valid date in its place.',
                inArray ? undefined : name);
        }
        return value;
    };
    // Whether a second, slower look is needed. The host refuses what is deeper than it looks.
    const mayLose = (value, depth) => {
        const kind = typeof value;
        if (kind !== 'object') {
            return kind === 'function' || kind === 'symbol' || (kind === 'number' && value - value !== 0);
        }
        if (value === null || depth === 0) return false;
        if (typeof value.toJSON === 'function') return true;
        const names = isArray(value) ? undefined : keys(value);
        const length = names === undefined ? value.length : names.length;
        for (let i = 0; i < length; i++) {
            const member = value[names === undefined ? i : names[i]];
            if (typeof member !== 'string' && mayLose(member, depth - 1)) return true;
        }
        return false;
    };
    const data = (value, at, name) => {
        const kind = typeof value;
        if ((kind === 'function' && typeof value.toJSON !== 'function') || kind === 'symbol') {
            throw invalid(
                'Argument ' + (at + 1) + ' of $.' + name + ' is a ' + kind
                    + ', which cannot be stored: functions and symbols are not JSON.',
                kind === 'function'
                    ? 'Call the function and send what it returns; $.' + name + ' takes data only.'
                    : 'Send text in its place.');
        }
        const json = stringify(value);
        // A getter may give something else the second time, and so nothing.
        return (json !== undefined && !mayLose(value, 150) ? json : stringify(value, storable)) ?? 'null';
    };
    // Each by itself: a toJSON of the script does not see the list.
    const written = (name, args) => {
        let json = '';
        for (let i = 0; i < args.length; i++) json += (i === 0 ? '' : ',') + data(args[i], i, name);
        return '[' + json + ']';
    };

    const call = (name, json) => {
        const answer = until(host(name, json));
        if (answer[0] === '!') throw refusal(apply(substring, answer, [1]));
        return parse(answer);
    };
    const verb = name => (...args) => {
        try {
            return resolved(call(name, args.length === 1 ? '[' + data(args[0], 0, name) + ']' : written(name, args)));
        } catch (error) {
            return rejected(error);
        }
    };

    // ---- hooks: functions that are sent as their text

    const reads = source => {
        try {
            compile('return (' + source + '\n)');
            return true;
        } catch {
            return false;
        }
    };

    const hookSource = (given, path, example) => {
        const repair = 'Write the function itself into the call: ' + example + '.';
        const refuse = what => {
            throw invalid(path + ' keeps the text of a function, and ' + what + '.', repair);
        };
        if (typeof given !== 'function') {
            throw invalid(
                path + ' takes a function, not ' + (given === undefined ? 'nothing' : cut(show(given), 60)) + '.',
                'Give it a function: ' + example + '.');
        }
        const source = apply(functionText, given, []);
        if (apply(endsWith, source, ['[native code] }'])) refuse('this one is built in or bound and has none');
        if (apply(startsWith, source, ['class'])) refuse('this is a class');
        // What is written as a method stays one, inside an object of its own.
        const method = '({ ' + source + ' })[' + stringify(given.name) + ']';
        const standing = reads(source) ? source
            : typeof given.name === 'string' && reads(method) ? method
            : refuse('this one cannot stand by itself');
        const names = outside(standing, globals);
        if (names === null) refuse('this one cannot be read');
        if (names !== '') {
            const [is, they] = apply(includes, names, [',']) ? ['are', 'them'] : ['is', 'it'];
            const listed = apply(replaceAll, names, [',', ', ']);
            throw invalid(
                path + ' keeps a function that has to stand by itself, and this one uses ' + listed
                    + ', which ' + is + ' outside of it.',
                'Write the value of ' + listed + ' into the function, keep ' + they
                    + ' as data of an object, or look ' + they + ' up with $ inside the function.');
        }
        return standing;
    };

    // The entity of a hook as a function that takes the hook away again.
    const registration = entity => {
        if (typeof entity !== 'object' || entity === null || typeof entity.$id !== 'string') return entity;
        const unregister = async () => call('Hook.delete', '[' + stringify(entity.$id) + ']');
        apply(put, removers, [unregister]);
        const names = ownKeys(entity);
        for (let i = 0; i < names.length; i++) {
            defineProperty(unregister, names[i], { value: entity[names[i]], enumerable: true, configurable: true });
        }
        define(unregister, 'toJSON', () => entity);
        return freeze(unregister);
    };

    // `before` and `after` are told the verb; every other name says it.
    const hook = (noun, name) => {
        const path = '$.' + noun + '.' + name;
        const isNeutral = name === 'before' || name === 'after';
        const object = apply(toLowerCase, noun, []);
        const example = path + '(' + (isNeutral ? "'create', " : '')
            + 'async (' + object + ', $) => { console.log(' + object + '.$id) })';
        return async (...args) => {
            if (isNeutral && typeof args[0] !== 'string') {
                throw invalid(path + ' takes the name of a verb and a function.', 'Write ' + example + '.');
            }
            const source = hookSource(args[isNeutral ? 1 : 0], path, example);
            const sent = isNeutral ? { __proto__: null, verb: args[0], source } : { __proto__: null, source };
            return registration(call(noun + '.' + name, '[' + stringify(sent) + ']'));
        };
    };
    const verbOrHook = (act, register) => async (...args) =>
        args.length === 1 && typeof args[0] === 'function' && typeof args[0].toJSON !== 'function'
            ? register(args[0]) : apply(act, undefined, args);

    const api = parse(describe);

    const has = (noun, member) => {
        for (let i = 0; i < api[noun].length; i++) if (api[noun][i] === member) return true;
        return false;
    };
    const withoutVerb = (noun, verb) => {
        let verbs = '';
        for (let i = 0; i < api[noun].length; i++) {
            if (!apply(includes, api[noun][i], [':'])) verbs += (verbs === '' ? '' : ', ') + api[noun][i];
        }
        const isAppendOnly = has(noun, 'update:null') && has(noun, 'delete:null') && has(noun, 'create');
        return refused(
            'unknown_verb',
            "'" + verb + "' is not a verb of " + noun + ': '
                + (isAppendOnly ? 'what is in it is never changed or removed.' : 'it is switched off there.'),
            'Use one of these members of $.' + noun + ': ' + verbs + '.');
    };

    const noun = name => {
        const makers = create(null);
        const verbs = [];
        const callable = [];
        for (let i = 0; i < api[name].length; i++) {
            const written = api[name][i];
            const isNull = apply(endsWith, written, [':null']);
            const isHook = apply(endsWith, written, [':hook']);
            const bare = isNull || isHook ? cut(written, written.length - 5) : written;
            const path = name === '' ? bare : name + '.' + bare;
            const before = makers[bare];
            if (isNull) {
                makers[bare] = () => {
                    const nouns = absent[bare] ??= [];
                    nouns[nouns.length] = name;
                    return null;
                };
            } else if (isHook) {
                makers[bare] = before === undefined ? () => freeze(hook(name, bare))
                    : () => freeze(verbOrHook(before(), hook(name, bare)));
            } else {
                verbs[verbs.length] = bare;
                makers[bare] = () => freeze(verb(path));
            }
            if (!isNull && before === undefined) callable[callable.length] = bare;
        }
        const names = keys(makers);
        return directory(
            names,
            member => makers[member](),
            word => unknown('unknown_verb', "'" + word + "' is not a verb of " + name + '.',
                word, callable, verbs, '$.' + name, 'Use another noun of $: ' + name + ' has no verbs.'));
    };

    const functions = '' in api ? noun('') : {};
    const nouns = keys(api).filter(name => name !== '');
    const members = [...nouns, ...keys(functions)];
    const $ = directory(
        members,
        name => (name in api ? noun(name) : functions[name]),
        word => unknown('unknown_type', "There is no '" + word + "' in $.",
            word, members, members, '$', 'Do without $: it is empty here.'));

    // ---- a forgotten await

    // A promise has no members but its own. Who reads one forgot to await, and would get undefined, or
    // {} as JSON. This stands behind the prototype of promises, where only unknown names get to.
    const { iterator, toPrimitive } = Symbol;
    Object.setPrototypeOf(Promise.prototype, new ProxyType(create(Object.prototype), {
        get(target, name) {
            if (name in target || (typeof name === 'symbol' && name !== iterator && name !== toPrimitive)) return target[name];
            const what =
                name === 'toJSON' ? 'A promise was to be written as JSON'
                : name === iterator ? 'A promise was to be gone through'
                : name === toPrimitive ? 'A promise was used as a text or a number'
                : "'" + cut(name, 60) + "' was read from a promise";
            throw refusal(stringify({
                reason: 'script_error',
                message: what + ': an await is missing.',
                repair: 'Put await before the call, in brackets when something follows: (await $.Experiment.find()).length.',
            }));
        },
        set(target, name, value, promise) {
            define(promise, name, value);
            return true;
        },
        defineProperty: readOnly,
        deleteProperty: readOnly,
        setPrototypeOf: readOnly,
        preventExtensions: readOnly,
    }));

    // ---- console

    const log = (...values) => {
        let line = '';
        for (let i = 0; i < values.length; i++) line += (i === 0 ? '' : ' ') + show(values[i]);
        until(write(line));
    };
    const ignore = () => {};
    const console = freeze({
        log, info: log, warn: log, error: log, debug: log, trace: log, dir: log, table: log,
        group: log, groupCollapsed: log, groupEnd: ignore, clear: ignore,
        time: ignore, timeLog: ignore, timeEnd: ignore, count: ignore, countReset: ignore,
        assert: (holds, ...values) => {
            if (!holds) log('Assertion failed', ...values);
        },
    });

    // ---- a clock that stands still

    let now = 0;
    const Clock = Date;
    const printed = Date.prototype.toString;
    const StoppedDate = function (...parts) {
        return new.target === undefined
            ? apply(printed, new Clock(now), [])
            : construct(Clock, parts.length === 0 ? [now] : parts, new.target);
    };
    define(StoppedDate, 'name', 'Date');
    define(StoppedDate, 'length', 7);
    define(StoppedDate, 'now', () => now);
    define(StoppedDate, 'parse', Clock.parse);
    define(StoppedDate, 'UTC', Clock.UTC);
    defineProperty(StoppedDate, 'prototype', { value: Clock.prototype, writable: false });
    define(Clock.prototype, 'constructor', StoppedDate);

    const formats = Intl.DateTimeFormat.prototype;
    const formatOf = Object.getOwnPropertyDescriptor(formats, 'format').get;
    const { formatToParts } = formats;
    defineProperty(formats, 'format', {
        get() {
            const format = apply(formatOf, this, []);
            return date => format(date === undefined ? now : date);
        },
        configurable: true,
    });
    define(formats, 'formatToParts', function (date) {
        return apply(formatToParts, this, [date === undefined ? now : date]);
    });

    // ---- chance from a seed: C. Doty-Humphrey's sfc32, two numbers for the 53 bits of a double

    let a = 0;
    let b = 0;
    let c = 0;
    let counter = 1;
    const next = () => {
        const sum = (a + b + counter) | 0;
        counter = (counter + 1) | 0;
        a = b ^ (b >>> 9);
        b = (c + (c << 3)) | 0;
        c = ((c << 21) | (c >>> 11)) + sum | 0;
        return sum >>> 0;
    };
    const seeded = (first, second, third) => {
        [a, b, c, counter] = [first, second, third, 1];
        for (let i = 0; i < 12; i++) next();
    };

    // ---- the realm as the script finds it

    // A chain of proxies overflows the stack uncounted, symbols of `Symbol.for` stay in the engine for
    // good, and what looks at the garbage collector differs between two runs.
    delete globalThis.arguments;
    delete globalThis.Proxy;
    delete globalThis.WebAssembly;
    delete globalThis.WeakRef;
    delete globalThis.FinalizationRegistry;
    delete Symbol.for;
    delete Symbol.keyFor;
    define(Math, 'random', () => (next() * 2097152 + (next() >>> 11)) / 9007199254740992);
    define(globalThis, 'Date', StoppedDate);
    define(globalThis, 'console', console);
    defineProperty(globalThis, '$', { value: $ });

    // What every realm has, and so every hook. `params` is of this run alone.
    const globals = Object.getOwnPropertyNames(globalThis).join(',');

    const frozen = value => {
        const open = [value];
        for (let i = 0; i < open.length; i++) {
            const object = open[i];
            if (typeof object === 'object' && object !== null) {
                freeze(object);
                const names = keys(object);
                for (let j = 0; j < names.length; j++) open[open.length] = object[names[j]];
            }
        }
        return value;
    };

    const settle = value => {
        let json;
        try {
            json = stringify(value);
        } catch (error) {
            return fail(error, 'The result cannot be written as JSON: ');
        }
        until(returned(json === undefined ? 'null' : json));
    };

    const dollarFirst = /^(?:async\b\s*)?(?:function\b[^(]*)?\(?\s*\$\s*(?:=>|[,)])/;
    const takesOnlyDollar = value =>
        typeof value === 'function' && !apply(isIn, removers, [value])
            && (value.length === 0 || apply(matches, dollarFirst, [apply(functionText, value, [])]));

    const start = (main, callable, params, instant, first, second, third) => {
        now = instant;
        seeded(first, second, third);
        defineProperty(globalThis, 'params', { value: frozen(parse(params)) });
        const result = async () => {
            const value = await main();
            return callable && takesOnlyDollar(value) ? value($) : value;
        };
        apply(then, result(), [settle, error => fail(error)]);
    };

    return [start, error => fail(error)];
});
