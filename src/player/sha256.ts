/**
 * SHA-256 in portions (FIPS 180-4, section 6.2), because WebCrypto wants a whole file in memory at once. Tested against
 * WebCrypto in sha256.test.ts.
 */
const K = new Uint32Array(firstPrimes(64).map((prime) => fractionBits(Math.cbrt(prime))));

function firstPrimes(count: number): number[] {
	const primes: number[] = [];
	for (let candidate = 2; primes.length < count; candidate++) {
		if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
	}
	return primes;
}

/** The first 32 bits of the fractional part (FIPS 180-4, 4.2.2 and 5.3.3). */
function fractionBits(value: number): number {
	return Math.floor((value - Math.floor(value)) * 2 ** 32) >>> 0;
}

export class Sha256 {
	readonly #state = new Uint32Array(firstPrimes(8).map((prime) => fractionBits(Math.sqrt(prime))));
	readonly #schedule = new Uint32Array(64);
	readonly #block = new Uint8Array(64);
	readonly #words = new DataView(this.#block.buffer);
	#filled = 0;
	#length = 0;

	update(bytes: Uint8Array): this {
		this.#length += bytes.length;
		for (let at = 0; at < bytes.length;) {
			const take = Math.min(64 - this.#filled, bytes.length - at);
			this.#block.set(bytes.subarray(at, at + take), this.#filled);
			this.#filled += take;
			at += take;
			if (this.#filled === 64) this.#compress();
		}
		return this;
	}

	/** Lower-case hex. Ends the computation. */
	hex(): string {
		const bits = this.#length * 8;
		this.update(Uint8Array.of(0x80));
		if (this.#filled > 56) this.update(new Uint8Array(64 - this.#filled));
		this.update(new Uint8Array(56 - this.#filled));
		const tail = new DataView(new ArrayBuffer(8));
		tail.setUint32(0, Math.floor(bits / 2 ** 32));
		tail.setUint32(4, bits >>> 0);
		this.update(new Uint8Array(tail.buffer));
		return Array.from(this.#state, (word) => word.toString(16).padStart(8, '0')).join('');
	}

	#compress(): void {
		this.#filled = 0;
		const w = this.#schedule;
		for (let t = 0; t < 16; t++) w[t] = this.#words.getUint32(t * 4);
		for (let t = 16; t < 64; t++) {
			const [early, late] = [w[t - 15] as number, w[t - 2] as number];
			const small0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
			const small1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
			w[t] = ((w[t - 16] as number) + small0 + (w[t - 7] as number) + small1) | 0;
		}
		const state = this.#state;
		let a = state[0] as number;
		let b = state[1] as number;
		let c = state[2] as number;
		let d = state[3] as number;
		let e = state[4] as number;
		let f = state[5] as number;
		let g = state[6] as number;
		let h = state[7] as number;
		for (let t = 0; t < 64; t++) {
			const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
			const one = (h + big1 + ((e & f) ^ (~e & g)) + (K[t] as number) + (w[t] as number)) | 0;
			const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
			const two = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
			h = g;
			g = f;
			f = e;
			e = (d + one) | 0;
			d = c;
			c = b;
			b = a;
			a = (one + two) | 0;
		}
		state[0] = (state[0] as number) + a;
		state[1] = (state[1] as number) + b;
		state[2] = (state[2] as number) + c;
		state[3] = (state[3] as number) + d;
		state[4] = (state[4] as number) + e;
		state[5] = (state[5] as number) + f;
		state[6] = (state[6] as number) + g;
		state[7] = (state[7] as number) + h;
	}
}

function rotate(word: number, by: number): number {
	return (word >>> by) | (word << (32 - by));
}
