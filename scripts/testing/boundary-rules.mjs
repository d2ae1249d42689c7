/**
 * Which way imports may point; docs/architecture.md says why.
 *
 * A rule forbids an import of a file that matches `to` by a file that matches `from`, both paths from the project's
 * root. `$1` in `except` stands for what the first group of `from` matched. An import of one of our packages by name
 * counts as an import of its directory. Tests may import anything.
 *
 * @type {{ name: string, why: string, from: RegExp, to: RegExp, except?: string[], typesAllowed?: boolean }[]}
 */
export const rules = [
  {
    name: "protocol-imports-nothing-of-ours",
    why: "both sides share the protocol, so it may lean on neither",
    from: /^packages\/protocol\//,
    to: /^(packages|apps)\//,
    except: ["^packages/protocol/"],
  },
  {
    name: "clients-take-only-types-from-protocol",
    why: "no schema code reaches a browser bundle",
    from: /^packages\/(?:sdk|sdk-extension|sdk-react|client|publisher)\/src\//,
    to: /^packages\/protocol\//,
    typesAllowed: true,
  },
  {
    name: "packages-import-no-app",
    why: "packages are published, and apps are where they are used",
    from: /^packages\//,
    to: /^apps\//,
  },
  {
    name: "apps-meet-over-http",
    why: "front ends and the server know each other through the protocol and the SDKs alone",
    from: /^apps\/((?:storefronts\/)?[^/]+)\//,
    to: /^apps\//,
    except: ["^apps/$1/"],
  },
  {
    name: "platform-imports-no-domain-or-surface",
    why: "platform calls nobody",
    from: /^apps\/server\/src\/platform\//,
    to: /^apps\/server\/src\/(domains|surfaces|http)\//,
  },
  {
    name: "domains-import-no-surface",
    why: "domains know no wire format",
    from: /^apps\/server\/src\/domains\//,
    to: /^apps\/server\/src\/(surfaces|http)\//,
  },
  {
    name: "http-imports-no-domain-or-surface",
    why: "surfaces are built with it, whatever they serve",
    from: /^apps\/server\/src\/http\//,
    to: /^apps\/server\/src\/(domains|surfaces)\//,
  },
  {
    name: "domains-meet-at-their-index",
    why: "a domain calls another only through its public face",
    from: /^apps\/server\/src\/domains\/([^/]+)\//,
    to: /^apps\/server\/src\/domains\/[^/]+\//,
    except: ["^apps/server/src/domains/$1/", "^apps/server/src/domains/[^/]+/index\\.ts$"],
  },
  {
    name: "others-enter-a-domain-by-its-index",
    why: "everything behind the index is free to change",
    from: /^apps\/server\/(?!src\/domains\/)/,
    to: /^apps\/server\/src\/domains\/[^/]+\//,
    except: ["^apps/server/src/domains/[^/]+/index\\.ts$"],
  },
];

/** Directories of which each may use others as long as no chain of uses leads back to it. Types may point both ways. */
export const acyclic = {
  name: "no-cycles-between-domains",
  folder: /^apps\/server\/src\/domains\/([^/]+)\//,
};

export const isTest = (path) =>
  /\.(test|fixture|bench)\.[cm]?[jt]sx?$|\/tests?\/|\/for-tests\.ts$/.test(path);
