import { expect, test } from 'vitest';
import { readLearners } from './learners-csv.ts';

const people = (csv: string) =>
	readLearners(csv).map(({ learner, problems }) =>
		learner === null ? problems.map(({ code }) => code) : [learner.displayName, learner.sex, learner.ageBand]
	);

test.each([
	[
		'Nombre;Apellidos;Sexo;Edad\nAna;Ruiz;mujer;22\nLuis;Mora;hombre;menos de 15',
		[
			['Ana Ruiz', 'female', '18_24'],
			['Luis Mora', 'male', 'under_15']
		]
	],
	[
		'Имя,Пол,Возраст\nАнна,ж,65+\nИгорь,м,27',
		[
			['Анна', 'female', '65_over'],
			['Игорь', 'male', '25_34']
		]
	],
	[
		'姓名,性别,年龄\n李梅,女,15岁以下\n王强,男,30',
		[
			['李梅', 'female', 'under_15'],
			['王强', 'male', '25_34']
		]
	]
])('a list in one of the interface languages is understood: %s', (csv, rows) => {
	expect(people(csv)).toEqual(rows);
});

test('m beside h may be a woman (mujer) or a man (male): the list has to say', () => {
	expect(people('Nombre;Sexo\nAna;M\nLuis;H')).toEqual([['sex-unknown'], ['Luis', 'male', 'not_stated']]);
	expect(people('name;sex\nAna;f\nLuis;m')).toEqual([
		['Ana', 'female', 'not_stated'],
		['Luis', 'male', 'not_stated']
	]);
});
