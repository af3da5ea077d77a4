/** One byte range (RFC 9110, section 14): "bytes=0-99", "bytes=100-", "bytes=-100". Several ranges are answered as none. */

export type RangeAnswer =
	| { readonly type: 'whole' }
	| { readonly type: 'part'; readonly start: number; /** Inclusive. */ readonly end: number }
	| { readonly type: 'unsatisfiable' };

export function rangeOf(
	range: string | undefined,
	ifRange: string | undefined,
	etag: string,
	size: number
): RangeAnswer {
	// If-Range with another validator: the file changed, so a part of the old one is no use.
	if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return { type: 'whole' };
	const found = /^bytes=(\d*)-(\d*)$/.exec(range.trim());
	if (found === null) return { type: 'whole' };
	const [, first = '', last = ''] = found;
	if (first === '' && last === '') return { type: 'whole' };
	if (first === '') {
		const length = Math.min(Number(last), size);
		return length === 0 ? { type: 'unsatisfiable' } : { type: 'part', start: size - length, end: size - 1 };
	}
	const start = Number(first);
	const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
	if (start >= size) return { type: 'unsatisfiable' };
	if (last !== '' && Number(last) < start) return { type: 'whole' };
	return { type: 'part', start, end };
}
