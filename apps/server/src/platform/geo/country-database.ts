import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Reader, type Response } from "mmdb-lib";
import { canonicalAddress, isPublicCanonical } from "./address.ts";

const require = createRequire(import.meta.url);

/** Both layouts in use: the bundled file's flat one, and the nested one of GeoLite2 and DB-IP. */
type Row = { country_code?: unknown; country?: { iso_code?: unknown } };

export interface CountryDatabase {
  /**
   * ISO 3166-1 alpha-2 of a public address, or null: unknown, private, loopback, or not an address.
   * The first call reads the file (about 8 MB, 30 ms); later ones are lookups in memory of a few µs.
   */
  countryOf(address: string | null): string | null;
}

/**
 * Country by address from a MaxMind-format file: the bundled one, or an operator's own `file`. Sources: DATA.md.
 *
 * @throws on first use, when the operator's file is missing or is no such database.
 */
export function openCountryDatabase(file?: string): CountryDatabase {
  let reader: Reader<Response> | undefined;
  const open = (): Reader<Response> =>
    new Reader<Response>(
      readFileSync(
        file ?? require.resolve("@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb"),
      ),
    );
  return {
    countryOf(address) {
      const canonical = address === null ? null : canonicalAddress(address);
      if (canonical === null || !isPublicCanonical(canonical)) return null;
      reader ??= open();
      const row = reader.get(canonical) as Row | null;
      const code = row?.country_code ?? row?.country?.iso_code;
      return typeof code === "string" && /^[A-Z]{2}$/.test(code) ? code : null;
    },
  };
}
