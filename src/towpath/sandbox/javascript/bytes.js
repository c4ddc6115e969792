// Bytes of texts, Base64, and the hashes of texts.
(function () {
  "use strict";
  const utf8 = (text) => {
    const bytes = [];
    for (const character of text.toWellFormed()) {
      const code = character.codePointAt(0);
      if (code < 0x80) bytes.push(code);
      else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
      else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
      else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
    return bytes;
  };
  const fromUtf8 = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; ) {
      const first = bytes[at];
      const size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
      let code = size === 1 ? first : first & (0xff >> (size + 1));
      for (let i = 1; i < size; i++) code = (code << 6) | (bytes[at + i] & 63);
      text += first >= 0x80 && first < 0xc0 || code > 0x10ffff || Number.isNaN(code) ? "\ufffd" : String.fromCodePoint(code);
      at += size;
    }
    return text;
  };
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const toBase64 = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 3) {
      const [a, b, c] = [bytes[at], bytes[at + 1], bytes[at + 2]];
      text += LETTERS[a >> 2] + LETTERS[((a & 3) << 4) | ((b ?? 0) >> 4)];
      text += (b === undefined ? "=" : LETTERS[((b & 15) << 2) | ((c ?? 0) >> 6)]) + (c === undefined ? "=" : LETTERS[c & 63]);
    }
    return text;
  };
  const fromBase64 = (text) => {
    const bytes = [];
    let bits = 0, held = 0;
    for (const letter of text.replace(/-/g, "+").replace(/_/g, "/").replace(/[^A-Za-z0-9+/]/g, "")) {
      held = ((held << 6) | LETTERS.indexOf(letter)) & 0xffffff;
      bits += 6;
      if (bits >= 8) bytes.push((held >> (bits -= 8)) & 255);
    }
    return bytes;
  };

  const pad64 = (bytes, block, size, little) => {
    const padded = bytes.concat([0x80]);
    while (padded.length % block !== block - size) padded.push(0);
    const bits = BigInt(bytes.length) * 8n;
    const length = [];
    for (let i = size - 1; i >= 0; i--) length.push(Number((bits >> BigInt(8 * i)) & 255n));
    return padded.concat(little ? length.reverse() : length);
  };
  const hex = (words, size = 8) => words.map((word) => (word < 0 && typeof word === "number" ? word >>> 0 : word).toString(16).padStart(size, "0")).join("");
  const roll = (value, by) => (value << by) | (value >>> (32 - by));
  const md5 = (bytes) => {
    const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
    let state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
    const data = pad64(bytes, 64, 8, true);
    for (let at = 0; at < data.length; at += 64) {
      const word = (i) => data[at + 4 * i] | (data[at + 4 * i + 1] << 8) | (data[at + 4 * i + 2] << 16) | (data[at + 4 * i + 3] << 24);
      let [a, b, c, d] = state;
      for (let i = 0; i < 64; i++) {
        const round = i >> 4;
        const f = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round];
        const g = [i, 5 * i + 1, 3 * i + 5, 7 * i][round] % 16;
        const sum = (a + f + Math.floor(Math.abs(Math.sin(i + 1)) * 4294967296) + word(g)) | 0;
        [a, d, c, b] = [d, c, b, (b + roll(sum, shifts[round * 4 + (i % 4)])) | 0];
      }
      state = [(state[0] + a) | 0, (state[1] + b) | 0, (state[2] + c) | 0, (state[3] + d) | 0];
    }
    return hex(state.flatMap((word) => [word & 255, (word >> 8) & 255, (word >> 16) & 255, (word >> 24) & 255]), 2);
  };
  const sha1 = (bytes) => {
    let state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0];
    const data = pad64(bytes, 64, 8, false);
    for (let at = 0; at < data.length; at += 64) {
      const w = [];
      for (let i = 0; i < 80; i++) {
        const p = at + 4 * i;
        w.push(i < 16 ? (data[p] << 24) | (data[p + 1] << 16) | (data[p + 2] << 8) | data[p + 3] : roll(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1));
      }
      let [a, b, c, d, e] = state;
      for (let i = 0; i < 80; i++) {
        const round = Math.floor(i / 20);
        const f = [(b & c) | (~b & d), b ^ c ^ d, (b & c) | (b & d) | (c & d), b ^ c ^ d][round];
        const next = (roll(a, 5) + f + e + [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][round] + w[i]) | 0;
        [a, b, c, d, e] = [next, a, roll(b, 30), c, d];
      }
      state = [a, b, c, d, e].map((word, i) => (state[i] + word) | 0);
    }
    return hex(state);
  };
  // The constants of SHA-2 are the fractions of roots of primes; 64 bits of each, taken with whole numbers.
  const PRIMES = () => {
    const found = [];
    for (let n = 2; found.length < 80; n++) if (found.every((p) => n % p)) found.push(n);
    return found;
  };
  const root = (value, power) => {
    let low = 0n, high = 1n << 72n;
    while (low < high) {
      const middle = (low + high + 1n) >> 1n;
      if (middle ** power <= value) low = middle; else high = middle - 1n;
    }
    return low & 0xffffffffffffffffn;
  };
  let constants;
  const sha2 = (bytes, bits) => {
    constants ??= PRIMES().map((p) => [root(BigInt(p) << 192n, 3n), root(BigInt(p) << 128n, 2n)]);
    const wide = bits > 256;
    const size = wide ? 64n : 32n, mask = (1n << size) - 1n, rounds = wide ? 80 : 64, unit = wide ? 8 : 4;
    const k = constants.slice(0, rounds).map(([cube]) => (wide ? cube : cube >> 32n));
    const part = bits === 384 || bits === 224 ? constants.slice(8, 16) : constants.slice(0, 8);
    let state = part.map(([, square]) => (wide ? square : bits === 224 ? square & mask : square >> 32n));
    const turn = (value, by) => ((value >> BigInt(by)) | (value << (size - BigInt(by)))) & mask;
    const [s0, s1, e0, e1] = wide
      ? [[1, 8, 7], [19, 61, 6], [28, 34, 39], [14, 18, 41]]
      : [[7, 18, 3], [17, 19, 10], [2, 13, 22], [6, 11, 25]];
    const data = pad64(bytes, unit * 16, unit * 2, false);
    for (let at = 0; at < data.length; at += unit * 16) {
      const w = [];
      for (let i = 0; i < rounds; i++) {
        if (i < 16) {
          let word = 0n;
          for (let j = 0; j < unit; j++) word = (word << 8n) | BigInt(data[at + unit * i + j]);
          w.push(word);
          continue;
        }
        const x = w[i - 15], y = w[i - 2];
        w.push((w[i - 16] + (turn(x, s0[0]) ^ turn(x, s0[1]) ^ (x >> BigInt(s0[2]))) + w[i - 7] + (turn(y, s1[0]) ^ turn(y, s1[1]) ^ (y >> BigInt(s1[2])))) & mask);
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < rounds; i++) {
        const one = h + (turn(e, e1[0]) ^ turn(e, e1[1]) ^ turn(e, e1[2])) + ((e & f) ^ (~e & mask & g)) + k[i] + w[i];
        const two = (turn(a, e0[0]) ^ turn(a, e0[1]) ^ turn(a, e0[2])) + ((a & b) ^ (a & c) ^ (b & c));
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) & mask, c, b, a, (one + two) & mask];
      }
      state = [a, b, c, d, e, f, g, h].map((word, i) => (state[i] + word) & mask);
    }
    return hex(state, wide ? 16 : 8).slice(0, bits / 4);
  };
  // SHA3-512 (FIPS 202): 25 lanes of 64 bits, 72 bytes a block.
  const sha3 = (bytes) => {
    const mask = (1n << 64n) - 1n, lanes = new Array(25).fill(0n);
    const left = (value, by) => (by ? ((value << BigInt(by)) | (value >> BigInt(64 - by))) & mask : value);
    const data = bytes.concat([6]);
    while (data.length % 72) data.push(0);
    data[data.length - 1] |= 0x80;
    for (let at = 0; at < data.length; at += 72) {
      for (let i = 0; i < 9; i++) {
        let lane = 0n;
        for (let j = 7; j >= 0; j--) lane = (lane << 8n) | BigInt(data[at + 8 * i + j]);
        lanes[i] ^= lane;
      }
      let register = 1;
      for (let round = 0; round < 24; round++) {
        const sums = [0, 1, 2, 3, 4].map((x) => lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20]);
        for (let i = 0; i < 25; i++) lanes[i] ^= sums[(i + 4) % 5] ^ left(sums[(i + 1) % 5], 1);
        let [x, y] = [1, 0], held = lanes[1];
        for (let step = 0; step < 24; step++) {
          [x, y] = [y, (2 * x + 3 * y) % 5];
          const there = x + 5 * y, turned = left(held, (((step + 1) * (step + 2)) / 2) % 64);
          [held, lanes[there]] = [lanes[there], turned];
        }
        for (let row = 0; row < 25; row += 5) {
          const old = lanes.slice(row, row + 5);
          for (let i = 0; i < 5; i++) lanes[row + i] = old[i] ^ (~old[(i + 1) % 5] & mask & old[(i + 2) % 5]);
        }
        for (let j = 0; j < 7; j++) {
          register = ((register << 1) ^ ((register >> 7) * 0x71)) & 255;
          if (register & 2) lanes[0] ^= 1n << BigInt((1 << j) - 1);
        }
      }
    }
    return lanes.slice(0, 8).map((lane) => [0, 1, 2, 3, 4, 5, 6, 7].map((i) => Number((lane >> BigInt(8 * i)) & 255n).toString(16).padStart(2, "0")).join("")).join("");
  };
  const hashes = {
    md5, sha1, sha224: (b) => sha2(b, 224), sha256: (b) => sha2(b, 256), sha384: (b) => sha2(b, 384), sha512: (b) => sha2(b, 512),
    sha3, base64: toBase64,
  };

  globalThis.__bytes = { utf8, fromUtf8, toBase64, fromBase64, hashes };
})();
