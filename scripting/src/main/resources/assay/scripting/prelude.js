// Runs once in every realm, before the script and marked as internal. It takes away what no limit can
// bound, builds `$`, `console` and a world without time or chance, and is the only code that speaks to
// the host. Scripts may change every built-in of their realm, so whatever is needed after they have
// started is copied here first.
//
//   host(name, json)                 one call; JSON, or '!' and the JSON of a refusal
//   write(line)                      one line of the log
//   returned(json)                   the value of the script
//   threw(message, error, refusal)   what the script threw, and the JSON of the host's refusal if it was one
//   describe                         JSON text of what `$` holds
//
// A host function that answers null has ended the script: nothing of it may run any more.
(function (host, write, returned, threw, describe) {
    'use strict';

    const { parse, stringify } = JSON;
    const { apply, construct, ownKeys } = Reflect;
    const { create, defineProperty, freeze, keys } = Object;
    const { isArray } = Array;
    const { min } = Math;
    const text = String;
    const { includes, substring, toLowerCase } = String.prototype;
    const DateType = Date;
    const ErrorType = Error;
    const TypeErrorType = TypeError;
    const ProxyType = Proxy;
    const { then } = Promise.prototype;
    const { get: recall, set: remember } = WeakMap.prototype;
    const refusals = new WeakMap();

    const until = answer => {
        if (answer === null) for (;;);
        return answer;
    };
    const define = (object, name, value) =>
        defineProperty(object, name, { value, writable: true, enumerable: false, configurable: true });
    const cut = (string, length) => apply(substring, string, [0, length]);

    // ---- errors

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

    const fail = (error, prefix = '') =>
        until(threw(prefix + cut(show(error), 1000), error, apply(recall, refusals, [error])));

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

    const unknown = (reason, problem, word, names, path, nothing) => {
        const close = nearest(word, names);
        const others = list(names, close);
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

    // JSON has no word for NaN, the infinities and dates that are none: it writes null, which would be
    // taken for something else.
    const finite = function (name, value) {
        const given = this[name];
        const isNumber = typeof value === 'number' && value - value !== 0;
        if (isNumber || (value === null && given instanceof DateType)) {
            const message = (isArray(this) ? 'An element of an array' : "'" + cut(name, 60) + "'")
                + ' is ' + (isNumber ? value : 'an invalid date')
                + ', which cannot be stored: NaN, Infinity and invalid dates are not JSON.';
            throw refusal(stringify({
                reason: 'invalid_value',
                message,
                repair: 'Send a finite number or a valid date in its place.',
                ...(isArray(this) ? {} : { field: name }),
            }));
        }
        return value;
    };
    const written = args => {
        const json = stringify(args);
        return apply(includes, json, ['null']) ? stringify(args, finite) : json;
    };

    const verb = name => async (...args) => {
        const answer = until(host(name, written(args)));
        if (answer[0] === '!') throw refusal(apply(substring, answer, [1]));
        return parse(answer);
    };

    const api = parse(describe);

    const noun = name => {
        const names = [];
        const verbs = [];
        const absent = create(null);
        for (let i = 0; i < api[name].length; i++) {
            const written = api[name][i];
            const isNull = written.endsWith(':null');
            const bare = isNull ? written.slice(0, -5) : written;
            names[i] = bare;
            if (isNull) absent[bare] = true;
            else verbs[verbs.length] = bare;
        }
        return directory(
            names,
            member => (member in absent ? null : freeze(verb(name === '' ? member : name + '.' + member))),
            word => unknown('unknown_verb', "'" + word + "' is not a verb of " + name + '.',
                word, verbs, '$.' + name, 'Use another noun of $: ' + name + ' has no verbs.'));
    };

    const functions = '' in api ? noun('') : {};
    const nouns = keys(api).filter(name => name !== '');
    const members = [...nouns, ...keys(functions)];
    const $ = directory(
        members,
        name => (name in api ? noun(name) : functions[name]),
        word => unknown('unknown_type', "There is no '" + word + "' in $.",
            word, members, '$', 'Do without $: it is empty here.'));

    // ---- a forgotten await

    // A promise has no members but its own. Who reads one forgot to await, and would get undefined, or
    // {} as JSON. This stands behind the prototype of promises, where only unknown names get to.
    const { iterator } = Symbol;
    Object.setPrototypeOf(Promise.prototype, new ProxyType(create(Object.prototype), {
        get(target, name) {
            if (name in target || (typeof name === 'symbol' && name !== iterator)) return target[name];
            const what =
                name === 'toJSON' ? 'A promise was to be written as JSON'
                : name === iterator ? 'A promise was to be gone through'
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

    const start = (main, callable, params, instant, first, second, third) => {
        now = instant;
        seeded(first, second, third);
        defineProperty(globalThis, 'params', { value: frozen(parse(params)) });
        const result = async () => {
            const value = await main();
            return callable && typeof value === 'function' && value.length === 0 ? value() : value;
        };
        apply(then, result(), [settle, error => fail(error)]);
    };

    return [start, error => fail(error)];
});
