import type { SampleBook } from './sample.ts';

function record(type: string): SampleBook['bodies'][string] {
  return (fresh) => ({
    contentType: 'text/xml; charset=utf-8',
    text: `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body>
  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">
   <OrganizationId>00D5g00000AbCdEEAV</OrganizationId>
   <ActionId>04k5g000000CaNdAAK</ActionId>
   <SessionId xsi:nil="true"/>
   <Notification>
    <Id>04l${fresh.text(15)}</Id>
    <sObject xsi:type="sf:${type}" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
     <sf:Id>001${fresh.text(15)}</sf:Id>
     <sf:SystemModstamp>${new Date(fresh.now).toISOString()}</sf:SystemModstamp>
    </sObject>
   </Notification>
  </notifications>
 </soapenv:Body>
</soapenv:Envelope>`,
  });
}

export const salesforce: SampleBook = {
  bodies: { Account: record('Account'), Contact: record('Contact'), Opportunity: record('Opportunity') },
};
