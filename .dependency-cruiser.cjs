/**
 * Which way imports may point; docs/architecture.md says why. `npm run check` fails when an arrow is crossed.
 *
 * A rule that names a package also looks at how it is resolved inside this repository (through the link in
 * node_modules to its sources), so importing it by name or by path makes no difference.
 */
const clientPackages = "^packages/(sdk|sdk-extension|sdk-react|publisher)/src/";
const server = "^apps/server/src/";
const tests = "\\.(test|fixture)\\.[cm]?tsx?$|/test/|/for-tests\\.ts$";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "protocol-imports-nothing-of-ours",
      comment: "Both sides share the protocol, so it may lean on neither.",
      severity: "error",
      from: { path: "^packages/protocol/" },
      to: { path: "^(packages/(?!protocol/)|apps/)" },
    },
    {
      name: "clients-take-only-types-from-protocol",
      comment: "No schema code reaches a browser bundle.",
      severity: "error",
      from: { path: clientPackages, pathNot: tests },
      to: { path: "^packages/protocol/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "packages-import-no-app",
      comment: "Packages are published; apps are where they are used.",
      severity: "error",
      from: { path: "^packages/", pathNot: tests },
      to: { path: "^apps/" },
    },
    {
      name: "apps-meet-over-http",
      comment: "Front ends and the server know each other through the protocol and the SDKs alone.",
      severity: "error",
      from: { path: "^apps/((?:storefronts/)?[^/]+)/", pathNot: tests },
      to: { path: "^apps/", pathNot: ["^apps/$1/"] },
    },
    {
      name: "platform-imports-no-domain-or-surface",
      comment: "Platform calls nobody.",
      severity: "error",
      from: { path: `${server}platform/`, pathNot: tests },
      to: { path: `${server}(domains|surfaces|http)/` },
    },
    {
      name: "domains-import-no-surface",
      comment: "Domains know no wire format.",
      severity: "error",
      from: { path: `${server}domains/`, pathNot: tests },
      to: { path: `${server}(surfaces|http)/` },
    },
    {
      name: "http-imports-no-domain-or-surface",
      comment: "HTTP is what surfaces are built with, whatever they serve.",
      severity: "error",
      from: { path: `${server}http/`, pathNot: tests },
      to: { path: `${server}(domains|surfaces)/` },
    },
    {
      name: "domains-meet-at-their-index",
      comment: "A domain calls another only through its public face.",
      severity: "error",
      from: { path: `${server}domains/([^/]+)/`, pathNot: tests },
      to: {
        path: `${server}domains/[^/]+/`,
        pathNot: [`${server}domains/$1/`, `${server}domains/[^/]+/index\\.ts$`],
      },
    },
    {
      name: "others-enter-a-domain-by-its-index",
      comment: "Everything behind the index is free to change.",
      severity: "error",
      from: { path: server, pathNot: [`${server}domains/`, tests] },
      to: { path: `${server}domains/[^/]+/(?!index\\.ts$)` },
    },
    {
      name: "no-cycles-between-domains",
      comment: "Calls go down, news goes up as events.",
      severity: "error",
      from: { path: `${server}domains/([^/]+)/`, pathNot: tests },
      to: {
        path: `${server}domains/`,
        pathNot: `${server}domains/$1/`,
        circular: true,
        viaOnly: { dependencyTypesNot: ["type-only"] },
      },
    },
    {
      name: "imports-resolve",
      comment: "An import that leads nowhere escapes every other rule.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, path: "^(\\.|@tollgate/)" },
    },
  ],
  options: {
    parser: "swc",
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|node_modules)/(?!@tollgate/)" },
    enhancedResolveOptions: {
      conditionNames: ["source", "import", "types", "default"],
      exportsFields: ["exports"],
      extensions: [".ts", ".tsx", ".mts", ".mjs", ".js", ".json"],
    },
  },
};
