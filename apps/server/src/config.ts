import { z } from "zod";
import { StartError } from "./platform/start-error.ts";

const flag = z.enum(["0", "1"]).transform((value) => value === "1");
const list = z.string().transform((value) =>
  value
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean),
);
const httpUrl = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ""));

/**
 * Every setting: name, type, default, meaning. `.env.example` and the table in docs/configuration.md are
 * checked against this object, so what is documented is what is.
 */
export const SETTINGS = {
  PORT: {
    schema: z.coerce.number().int().min(0).max(65_535).default(4400),
    meaning: "TCP port for HTTP. 0 takes a free one.",
  },
  HOST: { schema: z.string().min(1).default("0.0.0.0"), meaning: "Address to listen on." },
  TOLLGATE_BASE_URL: {
    schema: httpUrl.optional(),
    meaning: "Public origin of this server, used in links and hosted pages. Default: http://localhost:PORT.",
  },
  DATABASE_URL: {
    schema: z
      .string()
      .regex(/^postgres(ql)?:\/\//, "must start with postgres:// or postgresql://")
      .optional(),
    meaning: "PostgreSQL to use. Without it an embedded PostgreSQL runs in TOLLGATE_DATA_DIR.",
  },
  DATABASE_POOL_SIZE: {
    schema: z.coerce.number().int().min(2).max(200).default(16),
    meaning: "Connections that one process may hold.",
  },
  TOLLGATE_DATA_DIR: {
    schema: z.string().min(1).default("./data"),
    meaning: "Where the embedded database and the generated secret live.",
  },
  TOLLGATE_DEMO: {
    schema: flag.optional(),
    meaning:
      "1 runs the demonstration and its /dev handles, 0 does not. Default: 1 without DATABASE_URL, else 0.",
  },
  TOLLGATE_SECRET: {
    schema: z.string().min(32, "must have at least 32 characters").optional(),
    meaning:
      "Encrypts keys and credentials in the database. Required outside demo mode, where it is generated.",
  },
  TOLLGATE_TRUSTED_PROXIES: {
    schema: list.default([]),
    meaning: "Comma-separated addresses or CIDR ranges of proxies whose X-Forwarded-For is believed.",
  },
  TOLLGATE_COUNTRY_HEADER: {
    schema: z.string().optional(),
    meaning: "Header in which a trusted proxy names the visitor's country, such as CF-IPCountry.",
  },
  TOLLGATE_RATE_LIMIT_PER_MINUTE: {
    schema: z.coerce.number().int().min(0).default(600),
    meaning:
      "API requests per client address and minute; 0 switches the limit off. Loopback is exempt in demo mode.",
  },
  TOLLGATE_WEBHOOK_ALLOW: {
    schema: list.default([]),
    meaning:
      "Origins that webhooks may reach although they are private or not https, such as http://10.0.0.5:8080.",
  },
  TOLLGATE_IDENTITY_ALLOW: {
    schema: list.default([]),
    meaning:
      "Origins at which sign-in providers may be asked although they are private or not https, such as http://10.0.0.6:8080.",
  },
  TOLLGATE_CONTENT_ALLOW: {
    schema: list.default([]),
    meaning:
      "Origins of publishers' pages, sitemaps and feeds that may be fetched although they are private or not https. This machine always may in demo mode.",
  },
  TOLLGATE_GATEWAY_ALLOW: {
    schema: list.default([]),
    meaning:
      "Origins of APIs behind the AI gateway that may be called although they are private or not https, such as http://10.0.0.7:11434.",
  },
  TOLLGATE_DNS_SERVERS: {
    schema: list.default([]),
    meaning:
      "Name servers to ask about publishers' pages and about crawlers, such as 10.0.0.2 or 10.0.0.2:5353. Default: those of the system.",
  },
  TOLLGATE_CRAWLER_RANGES: {
    schema: list.default([]),
    meaning:
      "Address ranges that search engines publish for their crawlers, such as googlebot=66.249.64.0/19. Others are verified by their names in DNS.",
  },
  TOLLGATE_TEST_CODE: {
    schema: z
      .string()
      .regex(/^[0-9]{6}$/, "must be six digits")
      .optional(),
    meaning: "Every mailed code is this one, so that tests need no mailbox. Refused outside demo mode.",
  },
  TOLLGATE_METRICS_TOKEN: {
    schema: z.string().min(16).optional(),
    meaning: "Bearer token that /metrics asks for. Without it /metrics answers loopback only.",
  },
  SMTP_URL: {
    schema: z
      .string()
      .regex(/^smtps?:\/\//, "must start with smtp:// or smtps://")
      .optional(),
    meaning:
      "Mail server. Without it mail is kept in the database (and shown in the dev inbox in demo mode).",
  },
  MAIL_FROM: {
    schema: z.string().min(3).default("Tollgate <no-reply@localhost>"),
    meaning: "Sender of all mail.",
  },
  LOG_LEVEL: {
    schema: z.enum(["silent", "fatal", "error", "warn", "info", "debug", "trace"]).default("info"),
    meaning: "Least severe log line that is written.",
  },
} as const;

type SettingName = keyof typeof SETTINGS;
type Settings = { [Name in SettingName]: z.output<(typeof SETTINGS)[Name]["schema"]> };

export type Config = {
  port: number;
  host: string;
  baseUrl: string;
  databaseUrl: string | undefined;
  databasePoolSize: number;
  dataDir: string;
  demo: boolean;
  secret: string | undefined;
  trustedProxies: string[];
  countryHeader: string | undefined;
  rateLimitPerMinute: number;
  webhookAllowedOrigins: string[];
  identityAllowedOrigins: string[];
  contentAllowedOrigins: string[];
  gatewayAllowedOrigins: string[];
  /** Instead of the system's. */
  dnsServers: string[];
  /** Of crawlers, each as `name=range`. */
  crawlerRanges: string[];
  /** What every mailed code is, in a test. */
  testCode: string | undefined;
  metricsToken: string | undefined;
  smtpUrl: string | undefined;
  mailFrom: string;
  logLevel: Settings["LOG_LEVEL"];
};

/** The value that `.env.example` shows; a server that guards revenue must not run on it. */
export const SAMPLE_SECRET = "change-me-change-me-change-me-change-me";

/**
 * Reads the environment once. All problems are reported together, in words.
 * @throws StartError when any setting is unusable.
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const problems: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const [name, { schema }] of Object.entries(SETTINGS)) {
    // An empty value in an env file means "not set".
    const parsed = schema.safeParse(env[name] === "" ? undefined : env[name]);
    if (parsed.success) settings[name] = parsed.data;
    else problems.push(`${name}: ${parsed.error.issues.map((issue) => issue.message).join("; ")}`);
  }
  if (problems.length > 0) throw new StartError(`Some settings cannot be used. ${problems.join(". ")}.`);
  const s = settings as Settings;

  const demo = s.TOLLGATE_DEMO ?? s.DATABASE_URL === undefined;
  if (!demo && !s.TOLLGATE_SECRET) {
    throw new StartError("TOLLGATE_SECRET is missing; set it to a random text of at least 32 characters.");
  }
  if (s.TOLLGATE_SECRET === SAMPLE_SECRET) {
    throw new StartError("TOLLGATE_SECRET still has the value of .env.example; set it to a random text.");
  }
  if (s.TOLLGATE_TEST_CODE && !demo) {
    throw new StartError("TOLLGATE_TEST_CODE lets anybody sign in as anybody; it works in demo mode only.");
  }
  const baseUrl = s.TOLLGATE_BASE_URL ?? `http://localhost:${s.PORT}`;
  return {
    port: s.PORT,
    host: s.HOST,
    baseUrl,
    databaseUrl: s.DATABASE_URL,
    databasePoolSize: s.DATABASE_POOL_SIZE,
    dataDir: s.TOLLGATE_DATA_DIR,
    demo,
    secret: s.TOLLGATE_SECRET,
    trustedProxies: s.TOLLGATE_TRUSTED_PROXIES,
    countryHeader: s.TOLLGATE_COUNTRY_HEADER?.toLowerCase(),
    rateLimitPerMinute: s.TOLLGATE_RATE_LIMIT_PER_MINUTE,
    // The demonstration's own endpoint lives on this very server.
    webhookAllowedOrigins: demo
      ? [...s.TOLLGATE_WEBHOOK_ALLOW, new URL(baseUrl).origin]
      : s.TOLLGATE_WEBHOOK_ALLOW,
    // So does the sandbox that plays the providers.
    identityAllowedOrigins: demo
      ? [...s.TOLLGATE_IDENTITY_ALLOW, new URL(baseUrl).origin]
      : s.TOLLGATE_IDENTITY_ALLOW,
    contentAllowedOrigins: s.TOLLGATE_CONTENT_ALLOW,
    gatewayAllowedOrigins: demo
      ? [...s.TOLLGATE_GATEWAY_ALLOW, new URL(baseUrl).origin]
      : s.TOLLGATE_GATEWAY_ALLOW,
    dnsServers: s.TOLLGATE_DNS_SERVERS,
    crawlerRanges: s.TOLLGATE_CRAWLER_RANGES,
    testCode: s.TOLLGATE_TEST_CODE,
    metricsToken: s.TOLLGATE_METRICS_TOKEN,
    smtpUrl: s.SMTP_URL,
    mailFrom: s.MAIL_FROM,
    logLevel: s.LOG_LEVEL,
  };
}
