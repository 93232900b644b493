/** Public holidays of the places whose working days a contract may count; none of the lists was read at its source. */
import type { TermCalendar } from '../../domain/contract-term.ts';
import type { Holiday, HolidayCalendar } from '../holiday.ts';

const fixed = (name: string, date: string): Holiday => ({ name, on: { date } });
const easter = (name: string, afterEaster: number): Holiday => ({ name, on: { afterEaster } });

const newYear = fixed("New Year's Day", '01-01');
const labour = fixed('Labour Day', '05-01');
const christmas = fixed('Christmas Day', '12-25');
const secondChristmas = fixed('Second day of Christmas', '12-26');
const goodFriday = easter('Good Friday', -2);
const easterMonday = easter('Easter Monday', 1);
const ascension = easter('Ascension Day', 39);
const whitMonday = easter('Whit Monday', 50);

const germany: readonly Holiday[] = [
  newYear,
  goodFriday,
  easterMonday,
  labour,
  ascension,
  whitMonday,
  fixed('Day of German Unity', '10-03'),
  christmas,
  secondChristmas,
];

const unread = { verification: 'to-verify' } as const;

/** By the name a contract term gives. */
export const calendars: Readonly<Record<TermCalendar, HolidayCalendar>> = {
  none: {
    name: 'Saturdays and Sundays only, no public holidays',
    holidays: [],
    source: 'the contract itself: it names no place',
    verification: 'source-read',
  },
  de: {
    ...unread,
    name: 'Germany: the holidays of every Land',
    holidays: germany,
    source:
      'Art. 2(2) of the Unification Treaty for 3 October; the holiday laws of the 16 Länder for the others',
  },
  'de-he': {
    ...unread,
    name: 'Hesse',
    holidays: [...germany, easter('Corpus Christi', 60)],
    source: 'Section 1 of the Hessian holiday act (HFeiertagsG)',
  },
  ee: {
    ...unread,
    name: 'Estonia',
    holidays: [
      newYear,
      fixed('Independence Day', '02-24'),
      goodFriday,
      easter('Easter Sunday', 0),
      labour,
      easter('Whit Sunday', 49),
      fixed('Victory Day', '06-23'),
      fixed("Midsummer's Day", '06-24'),
      fixed('Day of Restoration of Independence', '08-20'),
      fixed('Christmas Eve', '12-24'),
      christmas,
      secondChristmas,
    ],
    source: 'Public Holidays and Days of National Importance Act (pühade ja tähtpäevade seadus)',
  },
  fr: {
    ...unread,
    name: 'France, without Alsace and Moselle',
    holidays: [
      newYear,
      easterMonday,
      labour,
      fixed('Victory Day', '05-08'),
      ascension,
      whitMonday,
      fixed('National Day', '07-14'),
      fixed('Assumption', '08-15'),
      fixed("All Saints' Day", '11-01'),
      fixed('Armistice Day', '11-11'),
      christmas,
    ],
    source: 'Art. L3133-1 of the Labour Code (Code du travail)',
  },
  ie: {
    ...unread,
    name: 'Ireland',
    holidays: [
      newYear,
      { name: "Saint Brigid's Day", on: { saintBrigid: true }, fromYear: 2023 },
      fixed("Saint Patrick's Day", '03-17'),
      easterMonday,
      { name: 'May holiday', on: { monday: 'first', month: 5 } },
      { name: 'June holiday', on: { monday: 'first', month: 6 } },
      { name: 'August holiday', on: { monday: 'first', month: 8 } },
      { name: 'October holiday', on: { monday: 'last', month: 10 } },
      christmas,
      fixed("Saint Stephen's Day", '12-26'),
    ],
    source: 'Second Schedule of the Organisation of Working Time Act 1997, as amended',
  },
};
