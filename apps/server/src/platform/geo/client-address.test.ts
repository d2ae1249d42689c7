import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressSet, canonicalAddress, clientAddress, isPublicAddress } from "./index.ts";

const proxies = addressSet(["loopback", "10.0.0.0/8", "2001:db8:aa::/48"]);
const from = (socketAddress: string | undefined, forwardedFor?: string, country?: string) =>
  clientAddress({ socketAddress, forwardedFor, country }, proxies);

describe("clientAddress", () => {
  it("ignores every header when the socket is not a trusted proxy", () => {
    expect(from("198.51.100.7", "8.8.8.8", "DE")).toEqual({ address: "198.51.100.7", country: null });
    expect(
      clientAddress({ socketAddress: "127.0.0.1", forwardedFor: "8.8.8.8" }, addressSet([])).address,
    ).toBe("127.0.0.1");
  });

  it("takes the right-most address that is not one of our proxies", () => {
    expect(from("127.0.0.1", "1.1.1.1, 9.9.9.9, 10.1.2.3").address).toBe("9.9.9.9");
    expect(from("10.0.0.1", "9.9.9.9").address).toBe("9.9.9.9");
    expect(from("2001:db8:aa::1", "2a00:1450::5").address).toBe("2a00:1450::5");
  });

  it("takes the left-most when all of them are ours, and the socket when there is no list", () => {
    expect(from("127.0.0.1", "10.9.9.9, 10.1.2.3").address).toBe("10.9.9.9");
    expect(from("127.0.0.1").address).toBe("127.0.0.1");
    expect(from(undefined, "9.9.9.9").address).toBeNull();
  });

  it("stops at a malformed entry instead of reading past it", () => {
    for (const bad of ["unknown", "", "999.1.1.1", "8.8.8.8 evil", "_hidden", "1.2.3.4:abc", "[::1"]) {
      expect(from("127.0.0.1", `9.9.9.9, ${bad}, 10.0.0.7`).address).toBe("10.0.0.7");
    }
  });

  it("reads hops with ports and brackets, and mapped IPv4 sockets", () => {
    expect(from("::ffff:127.0.0.1", "9.9.9.9:4711").address).toBe("9.9.9.9");
    expect(from("127.0.0.1", "[2A00:1450:0:0::5]:443").address).toBe("2a00:1450::5");
    expect(from("127.0.0.1", "::ffff:9.9.9.9").address).toBe("9.9.9.9");
  });

  it("takes a country only from a trusted proxy, and only a real one", () => {
    expect(from("127.0.0.1", "9.9.9.9", "de").country).toBe("DE");
    for (const none of ["XX", "T1", "Germany", "", undefined]) {
      expect(from("127.0.0.1", "9.9.9.9", none).country).toBeNull();
    }
  });

  it("never lets a client choose its address, whatever it puts in front", () => {
    const anything = fc.string({ maxLength: 60 }).map((text) => text.replaceAll("\n", " "));
    fc.assert(
      fc.property(anything, fc.ipV4(), (forged, real) => {
        fc.pre(!proxies.has(real));
        expect(from("10.0.0.1", `${forged}, ${real}`).address).toBe(real);
      }),
    );
  });
});

describe("addressSet", () => {
  it("tells the operator which entry it cannot read", () => {
    for (const bad of ["10.0.0.0/33", "10.0.0.0/", "proxy.local", "10.0.0.0/8/8", "::/129", "10.0.0.0/-1"]) {
      expect(() => addressSet(["loopback", bad])).toThrow(`"${bad}" is not an address`);
    }
  });

  it("knows one address by all of its spellings", () => {
    expect(proxies.has("::ffff:10.1.1.1")).toBe(true);
    expect(proxies.has("2001:0DB8:00AA:0::1%eth0")).toBe(true);
    expect(proxies.has("11.1.1.1")).toBe(false);
    expect(canonicalAddress("2001:DB8:0:0:0:0:0:1")).toBe("2001:db8::1");
    expect(canonicalAddress("nonsense")).toBeNull();
  });

  it("does not take private, loopback and documentation addresses for the public Internet", () => {
    for (const address of [
      "127.0.0.1",
      "192.168.1.1",
      "100.64.0.1",
      "::1",
      "::ffff:10.0.0.1",
      "fe80::1%lo",
      "fd00::1",
      "2001:db8::1",
      "x",
    ]) {
      expect(isPublicAddress(address), address).toBe(false);
    }
    for (const address of ["8.8.8.8", "2001:4860:4860::8888", "172.32.0.1"])
      expect(isPublicAddress(address), address).toBe(true);
  });
});
