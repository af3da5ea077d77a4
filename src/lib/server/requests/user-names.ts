/**
 * Sign-in names made from the names people have: "Amina Diallo" -> "amina.diallo", a second one "amina.diallo2". Latin,
 * Greek, Cyrillic and Arabic letters become a to z, since that is what every keyboard has; other scripts keep their own
 * letters, which their readers can type. Good enough to remember, not a transliteration standard.
 */
import { normaliseSignInName } from '#lib/server/auth/sign-in-name.ts';

const longest = 24;

/** @param taken asked with the normalised form; names given out before must be in it */
export function userNameFor(displayName: string, taken: (name: string) => boolean): string {
	const base = baseOf(displayName);
	for (let number = 1; ; number++) {
		const name = number === 1 ? base : `${base}${number}`;
		if (!taken(normaliseSignInName(name))) return name;
	}
}

function baseOf(displayName: string): string {
	const words = displayName
		.split(/[\s\p{Pd}'’.,_/()]+/u)
		.map(plainLetters)
		.filter((word) => word !== '');
	const [first, last] = [words[0], words.length > 1 ? words.at(-1) : undefined];
	if (first === undefined) return 'learner';
	const both = last === undefined ? first : `${first}.${last}`;
	const base = [...(both.length <= longest ? both : first)].slice(0, longest).join('');
	// One letter is easily guessed and easily mistyped.
	return [...base].length > 1 ? base : `${base}.learner`;
}

function plainLetters(word: string): string {
	const lower = word.normalize('NFC').toLowerCase();
	const spelt = [...lower].map((letter) => table.get(letter) ?? letter).join('');
	const plain = spelt
		.normalize('NFKD')
		// Marks on Latin letters go; in scripts that write vowels as marks they belong to the word.
		.replace(/(?<=[a-z]\p{Mn}*)\p{Mn}/gu, '')
		.normalize('NFKC')
		.toLowerCase();
	return plain.replace(/[^\p{L}\p{M}\p{Nd}]/gu, '').normalize('NFKC');
}

const pairs = `ß=ss æ=ae œ=oe ø=o ł=l đ=d ð=d þ=th ı=i ŋ=ng ɓ=b ɗ=d ƙ=k ɛ=e ɔ=o ə=e ƴ=y ʼ= ʻ=
а=a б=b в=v г=g ґ=g ѓ=g д=d е=e ё=yo є=ye ж=zh з=z и=i і=i ї=yi й=y ј=j к=k ќ=k л=l љ=lj м=m н=n њ=nj о=o п=p р=r с=s т=t ћ=c у=u ў=u ф=f х=kh ц=ts ч=ch џ=dz ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya ә=a ғ=gh қ=q ң=ng ө=o ұ=u ү=u һ=h ҳ=h ҷ=j ӣ=i ӯ=u ђ=dj ѕ=dz
α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o ά=a έ=e ή=i ί=i ό=o ύ=y ώ=o ϊ=i ϋ=y ΐ=i ΰ=y
ا=a أ=a إ=i آ=a ٱ=a ب=b ت=t ث=th ج=j ح=h خ=kh د=d ذ=dh ر=r ز=z س=s ش=sh ص=s ض=d ط=t ظ=z ع=a غ=gh ف=f ق=q ك=k ل=l م=m ن=n ه=h ة=a و=w ؤ=u ي=y ى=a ئ=i ء= پ=p چ=ch ژ=zh گ=g ک=k ی=y ٹ=t ڈ=d ڑ=r ں=n ھ=h ہ=h ے=e ۓ=e ټ=t ځ=dz څ=ts ډ=d ړ=r ږ=zh ښ=sh ګ=g ڼ=n ۍ=ai ې=e ـ= َ=a ِ=i ُ=u ً=an ٍ=in ٌ=un ّ= ْ=`;

const table: ReadonlyMap<string, string> = new Map(
	pairs
		.split(/\s+/)
		.filter((pair) => pair.includes('='))
		.map((pair): [string, string] => {
			const [letter = '', latin = ''] = pair.split('=');
			return [letter, latin];
		})
);
