// A mini program's modules: CommonJS, each in a function that the server has put around it, one set for each phone.

const BASE = '/dev/miniprogram/';

const factories = new Map(); // path to function (module, exports, require, wx, App, Component)

/** Loads the modules of these paths and all that they require: require() itself cannot wait. */
export async function load(...paths) {
  await Promise.all(paths.filter((path) => !factories.has(path)).map(async (path) => {
    const { default: factory } = await import(`${BASE}${path}.js`);
    factories.set(path, factory);
    const required = [...factory.toString().matchAll(/\brequire\('([^']+)'\)/g)].map(([, name]) => resolve(path, name));
    await load(...required);
  }));
}

export async function text(path) {
  const response = await fetch(BASE + path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.text();
}

/** A require() of its own for each phone: its modules see its `wx`, and share nothing with another's. */
export function createRequire({ wx, App, Component }) {
  const loaded = new Map();
  return function require(path) {
    if (!loaded.has(path)) {
      const module = { exports: {} };
      loaded.set(path, module); // before it runs, since modules may require each other
      factories.get(path)(module, module.exports, (name) => require(resolve(path, name)), wx, App, Component);
    }
    return loaded.get(path).exports;
  };
}

/** `../../session` in `app/pages/user/user` is `app/session`. */
function resolve(from, name) {
  return new URL(name, `http://here/${from}`).pathname.slice(1).replace(/\.js$/, '');
}
