/** Something else that a report is to say of its run: `['Template', 'Staff only']`. No secrets. */
export type ReportFact = readonly [name: string, value: string];
