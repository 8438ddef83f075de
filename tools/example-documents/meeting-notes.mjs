/** A page of plain text, with letters beyond ASCII, so that an encoding mistake shows. */
export const meetingNotes = `MEETING NOTES - OFFICE MOVE TO HARBOR STREET
Thursday, 9 April, 10:00 to 11:15, room "Kraków"

Present    Facilities, Finance, Workplace IT, Legal
Excused    Procurement
Minutes    Facilities


1. Where we stand

The lease for the second floor of 14 Harbor Street is ready for signature. The landlord accepted our two
changes: a break clause after three years, and heating on weekends at no extra charge. Legal has read the
final text (contract.pdf) and advises to sign before the end of the month.

2. Floor plan

The plan (floor-plan.png) now has one large meeting room instead of two small ones. Workplace IT asks for a
separate, lockable room for the servers. Agreed: the store room next to the kitchen becomes the server room.
The façade offices stay as they are.

3. Money

The budget (budget.xlsx) is 3.4 % over the frame, mostly because of the cabling. Finance offers to carry the
difference this year if the old furniture is reused. Agreed. Nobody outside this group sees the figures
before the board meeting on the 23rd; the file is shared as "view only" until then.

4. Moving day

Friday, 19 June, from 14:00. Boxes are labeled by desk number. Monday, 22 June, is a normal working day at
the new address.


Decisions

  D1  Sign the lease by 30 April.                                  Legal
  D2  Server room next to the kitchen, with its own lock.          Workplace IT
  D3  Reuse desks and chairs; buy new lamps only.                  Facilities
  D4  Figures stay confidential until the board meeting.           everyone

Open points

  - Who keeps the keys of the old office until it is handed over on 30 June?
  - Parking: 6 or 8 places? The landlord wants an answer in two weeks (48 € per place and month).
  - Name signs: the proposal "Straße, Raum, Name" was too long for the frames.


Next meeting: Thursday, 23 April, 10:00, same room.
`;
