/** Only public addresses are connected to: as IANA's registries have them, by Node's own lists. */
import assert from "node:assert/strict";
import { BlockList, isIP } from "node:net";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isAddress, isPublicAddress } from "../../adapters/webhooks/address.ts";
import { runs } from "../support/runs.ts";

/** IANA's special-purpose registries, multicast, what is reserved, and Azure's own address. */
const SPECIAL_IPV4 = `
  0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
  192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24
  198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32`;

/** Of IPv6 what is not in 2000::/3, and the special-purpose addresses within it. */
const SPECIAL_IPV6 = `
  ::/3 4000::/2 8000::/1 2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20`;

const listOf = (text: string, family: "ipv4" | "ipv6"): BlockList => {
  const list = new BlockList();
  for (const range of text.trim().split(/\s+/)) {
    const [address = "", bits = ""] = range.split("/");
    list.addSubnet(address, Number(bits), family);
  }
  return list;
};

const special = {
  ipv4: listOf(SPECIAL_IPV4, "ipv4"),
  ipv6: listOf(SPECIAL_IPV6, "ipv6"),
};

const bytes = (count: number) => fc.uint8Array({ minLength: count, maxLength: count });

const ipv4 = bytes(4).map((parts) => parts.join("."));

/** The first address of a range, the last, or the one before or behind: where rules are wrong. */
const atEdge = (family: "ipv4" | "ipv6", ranges: string, width: number) =>
  fc.tuple(fc.constantFrom(...ranges.trim().split(/\s+/)), fc.constantFrom(-1n, 0n, 1n, 2n)).map(
    ([range, which]) => {
      const [address = "", bits = ""] = range.split("/");
      const size = 1n << BigInt(width - Number(bits));
      const first = numberOf(family, address);
      const at = which < 1n ? first + which : first + size - 2n + which;
      return textOf(
        family,
        ((at % (1n << BigInt(width))) + (1n << BigInt(width))) % (1n << BigInt(width)),
      );
    },
  );

const numberOf = (family: "ipv4" | "ipv6", address: string): bigint => {
  if (family === "ipv4") {
    return address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  }
  const [head = "", tail = ""] = address.split("::");
  const parts = (text: string) => text === "" ? [] : text.split(":");
  const zeros = 8 - parts(head).length - parts(tail).length;
  return [...parts(head), ...Array.from({ length: zeros }, () => "0"), ...parts(tail)]
    .reduce((sum, part) => sum * 65_536n + BigInt(`0x${part}`), 0n);
};

const textOf = (family: "ipv4" | "ipv6", number: bigint): string => {
  const [count, bits] = family === "ipv4" ? [4, 8n] : [8, 16n];
  const parts = Array.from(
    { length: count },
    (_, at) => (number >> (BigInt(count - 1 - at) * bits)) & ((1n << bits) - 1n),
  );
  return family === "ipv4" ? parts.join(".") : parts.map((part) => part.toString(16)).join(":");
};

const ipv6 = bytes(16).map((parts) =>
  textOf("ipv6", parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n))
);

describe("an address is public", () => {
  it("exactly where no registry of special addresses has it (IPv4)", () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, atEdge("ipv4", SPECIAL_IPV4, 32)), (address) => {
        assert.equal(isPublicAddress(address), !special.ipv4.check(address, "ipv4"), address);
      }),
      { numRuns: runs(20_000) },
    );
  });

  it("exactly where it is assigned and no registry has it (IPv6), but for NAT64", () => {
    const inside = ipv6.map((address) => `2${address.slice(1).padStart(4, "0")}`)
      .filter((address) => isIP(address) === 6);
    fc.assert(
      fc.property(fc.oneof(ipv6, inside, atEdge("ipv6", SPECIAL_IPV6, 128)), (address) => {
        assert.equal(isPublicAddress(address), !special.ipv6.check(address, "ipv6"), address);
      }),
      { numRuns: runs(20_000) },
    );
  });

  it("behind NAT64 where the IPv4 address in it is, and in no other embedding", () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, atEdge("ipv4", SPECIAL_IPV4, 32)), (address) => {
        const hex = numberOf("ipv4", address).toString(16).padStart(8, "0");
        const [high, low] = [hex.slice(0, 4), hex.slice(4)];
        const isPublic = isPublicAddress(address);
        assert.equal(isPublicAddress(`64:ff9b::${high}:${low}`), isPublic);
        assert.equal(isPublicAddress(`64:ff9b::${address}`), isPublic);
        for (
          const embedding of [
            `::ffff:${high}:${low}`,
            `::ffff:${address}`,
            `::${high}:${low}`,
            `::ffff:0:${high}:${low}`,
            `64:ff9b:1::${high}:${low}`,
            `2002:${high}:${low}::1`,
            `2001:0:${high}:${low}::1`,
          ]
        ) {
          assert.equal(isPublicAddress(embedding), false, embedding);
        }
      }),
      { numRuns: runs(2_000) },
    );
  });
});

describe("an address is not public", () => {
  it("where a cloud answers its own machines", () => {
    for (
      const address of [
        "169.254.169.254",
        "169.254.170.2",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd20:ce::254",
        "fe80::a9fe:a9fe",
      ]
    ) {
      assert.equal(isPublicAddress(address), false, address);
    }
    for (const address of ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "2a00:1450::1"]) {
      assert.equal(isPublicAddress(address), true, address);
    }
  });

  it("where it cannot be read, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        if (isIP(text) === 0) assert.equal(isPublicAddress(text), false);
      }),
      { numRuns: runs(2_000) },
    );
    for (
      const text of [
        "",
        "8.8.8",
        "0x8.8.8.8",
        "010.8.8.8",
        "8.8.8.8.",
        " 8.8.8.8",
        "134744072",
        "[2606:4700:4700::1111]",
        "2606:4700:4700::1111%eth0",
        "2606:4700:4700::1111%1",
      ]
    ) {
      assert.equal(isPublicAddress(text), false, text);
    }
  });

  it("is asked of texts that are addresses as Node has them", () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), (address) => {
        assert.equal(isAddress(address), true);
        assert.notEqual(isIP(address), 0);
      }),
      { numRuns: runs(1_000) },
    );
  });
});
