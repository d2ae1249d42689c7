import { describe, expect, it } from "vitest";
import {
  currencyOf,
  deviceClass,
  languageOf,
  networkOf,
  openCountryDatabase,
  placesInclude,
  tierOf,
} from "./index.ts";

describe("the bundled country database", () => {
  const { countryOf } = openCountryDatabase();

  it.each([
    ["8.8.8.8", "US"],
    ["193.99.144.80", "DE"],
    ["200.147.3.157", "BR"],
    ["133.11.0.1", "JP"],
    ["212.58.244.1", "GB"],
    ["84.72.0.1", "CH"],
    ["2001:4860:4860::8888", "US"],
    ["2a02:2e0:3fe:1001:302::", "DE"],
    ["2804:14d::1", "BR"],
    ["::ffff:8.8.8.8", "US"],
  ])("places %s in %s", (address, country) => {
    expect(countryOf(address)).toBe(country);
  });

  it("places nobody who is not on the public Internet, though the file has rows for some", () => {
    for (const address of [
      "127.0.0.1",
      "10.0.0.1",
      "192.168.1.1",
      "::1",
      "fc00::1",
      "::ffff:192.168.1.1",
      "",
      "nonsense",
      null,
    ]) {
      expect(countryOf(address), String(address)).toBeNull();
    }
  });

  it("says which file is missing when the operator's own cannot be read", () => {
    expect(() => openCountryDatabase("/nowhere/geo.mmdb").countryOf("8.8.8.8")).toThrow("/nowhere/geo.mmdb");
  });
});

describe("what follows from a country", () => {
  it("answers the languages that the contract fixes", () => {
    const fixed = {
      DE: "de",
      AT: "de",
      CH: "de",
      FR: "fr",
      BE: "fr",
      ES: "es",
      MX: "es",
      AR: "es",
      JP: "ja",
      BR: "pt",
      RU: "ru",
      LV: "en",
    };
    for (const [country, language] of Object.entries(fixed))
      expect(languageOf(country), country).toBe(language);
    expect(languageOf("NO")).toBe("no");
    expect(languageOf("US")).toBe("en");
    expect(languageOf(null)).toBe("en");
    expect(languageOf("ZZ")).toBe("en");
  });

  it("answers the money of today, in more than fifty currencies", () => {
    const money = {
      US: "USD",
      DE: "EUR",
      HR: "EUR",
      BG: "EUR",
      GB: "GBP",
      JP: "JPY",
      BR: "BRL",
      CH: "CHF",
      IN: "INR",
      PL: "PLN",
      KW: "KWD",
    };
    for (const [country, currency] of Object.entries(money))
      expect(currencyOf(country), country).toBe(currency);
    expect(currencyOf(null)).toBeNull();
    expect(currencyOf("ZZ")).toBeNull();
  });

  it("gives an unmapped country tier 3 and an unresolved one none", () => {
    expect([tierOf("US"), tierOf("AU"), tierOf("DE"), tierOf("JP"), tierOf("IN"), tierOf("ZZ")]).toEqual([
      1, 1, 2, 2, 3, 3,
    ]);
    expect(tierOf(null)).toBeNull();
    expect(tierOf(null, { US: 2 })).toBeNull();
  });

  it("lets a tenant move a country to another tier without touching the rest", () => {
    expect(tierOf("IN", { IN: 1 })).toBe(1);
    expect(tierOf("US", { IN: 1 })).toBe(1);
    expect(tierOf("constructor", {})).toBe(3);
  });

  it("matches targeting lists by country and tier; an unknown country matches only an empty list", () => {
    expect(placesInclude([], null)).toBe(true);
    expect(placesInclude(["DE"], null)).toBe(false);
    expect(placesInclude(["TIER2"], "DE")).toBe(true);
    expect(placesInclude(["TIER1", "BR"], "BR")).toBe(true);
    expect(placesInclude(["TIER1"], "BR")).toBe(false);
    expect(placesInclude(["TIER1"], "BR", { BR: 1 })).toBe(true);
  });
});

describe("deviceClass", () => {
  const mac =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36";
  const iphone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148";
  const windows =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36";

  it("knows a Mac by its User-Agent, and an iPhone is not one", () => {
    expect(deviceClass(mac)).toBe("macos");
    expect(deviceClass(iphone)).toBe("other");
    expect(deviceClass(windows)).toBe("other");
    expect(deviceClass(undefined, undefined)).toBe("other");
  });

  it("believes the client hint over the User-Agent", () => {
    expect(deviceClass(windows, '"macOS"')).toBe("macos");
    expect(deviceClass(mac, '"Windows"')).toBe("other");
    expect(deviceClass(mac, '""')).toBe("macos");
  });
});

it("a subscriber's line is one IPv4 address or one IPv6 /64", () => {
  expect(networkOf("203.0.113.9")).toBe("203.0.113.9");
  expect(networkOf("2001:db8:1:2:3:4:5:6")).toBe(networkOf("2001:db8:1:2::9"));
  expect(networkOf("2001:db8:1:2::9")).not.toBe(networkOf("2001:db8:1:3::9"));
  expect(networkOf("::1")).toBe(networkOf("0:0:0:0::2"));
  expect(networkOf("2001:db8::")).toBe(networkOf("2001:db8:0:0:ffff::1"));
});
