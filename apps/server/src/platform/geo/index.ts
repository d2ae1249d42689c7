/**
 * Where a caller is and what follows from it: the real client address behind trusted proxies, its country
 * from a bundled database, and per country the currency, language and tier. Pure functions and one file
 * that is read on first use; nothing here asks the network.
 */
export { type AddressSet, addressSet, canonicalAddress, isPublicAddress, networkOf } from "./address.ts";
export { type Client, clientAddress, type ForwardedRequest } from "./client-address.ts";
export { type CountryDatabase, openCountryDatabase } from "./country-database.ts";
export { type DeviceClass, deviceClass } from "./device.ts";
export { COUNTRIES, currencyOf, languageOf, placesInclude, type Tier, tierOf } from "./territories.ts";
